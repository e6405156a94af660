//! The hot entry points: functions without arguments that work on the thread's current engine.
//!
//! The binding macro costs 23 to 330 ns a call, a bare callback 8 to 12; this module, [`typed_array`](crate::typed_array)
//! and the library's [`raw`](crate::library) are the only places with `unsafe`.
//! Rules it keeps:
//! - an engine is current between `enter` and `leave`, which nest; its cell lives at least that long;
//! - the block is a `Float64Array` over a `SharedArrayBuffer`, which nobody can detach, and a reference keeps it alive;
//! - a call during a call, on a closed engine or after a caught panic throws with a code and touches nothing.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell, UnsafeCell};
use std::ffi::c_char;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::rc::Rc;

use napi::sys;
use tickwright_engine::{Engine, EngineError, Memory};

use crate::error::{fail, Result};
use crate::typed_array::shared_block;

/// What one engine's functions share.
pub(crate) struct EngineCell {
    engine: Option<Box<Engine>>,
    /// The block. Valid while `block_ref` is held.
    cells: *mut f64,
    len: usize,
    env: sys::napi_env,
    block_ref: sys::napi_ref,
    /// Whether there is an engine that may be called: it is not closed, not inside a call and not stopped by a bug.
    ready: bool,
    busy: bool,
    /// What a caught panic said; set once and for good.
    poison: Option<String>,
}

/// A counted handle of an [`EngineCell`], for one thread.
pub(crate) struct EngineHandle {
    cell: Rc<UnsafeCell<EngineCell>>,
}

thread_local! {
    /// The engine that the hot functions work on. One function of each name serves all engines of a thread: V8 calls a
    /// function that never changes directly, and one that differs from engine to engine an order of magnitude slower.
    static CURRENT: Cell<*mut EngineCell> = const { Cell::new(ptr::null_mut()) };
    /// The engines that were entered and not left, innermost last: they keep their cells alive.
    static ENTERED: RefCell<Vec<Rc<UnsafeCell<EngineCell>>>> = const { RefCell::new(Vec::new()) };
}

impl EngineHandle {
    /// Registers a block: a `Float64Array` of at least `cells` cells over a `SharedArrayBuffer`.
    pub(crate) fn new(env: sys::napi_env, block: sys::napi_value, cells: usize) -> Result<Self> {
        let (data, len) = shared_block(env, block)?;
        if len < cells {
            return Err(fail("E_ARGUMENT", format!("the block has {len} cells; this engine needs {cells}")));
        }
        let mut block_ref = ptr::null_mut();
        // SAFETY: `env` and `block` are those of the running call.
        let status = unsafe { sys::napi_create_reference(env, block, 1, &raw mut block_ref) };
        if status != sys::Status::napi_ok {
            return Err(fail("E_INTERNAL", "the block could not be referenced"));
        }
        let cell = EngineCell {
            engine: None,
            cells: data,
            len: cells,
            env,
            block_ref,
            ready: false,
            busy: false,
            poison: None,
        };
        Ok(Self { cell: Rc::new(UnsafeCell::new(cell)) })
    }

    /// Puts the engine in.
    pub(crate) fn set(&self, engine: Engine) {
        // SAFETY: one thread, and no reference into the cell outlives a call: `with` guards against nesting.
        let cell = unsafe { &mut *self.cell.get() };
        cell.engine = Some(Box::new(engine));
        cell.ready = true;
    }

    /// Lends the block before there is an engine.
    pub(crate) fn with_block<T>(&self, f: impl FnOnce(&mut Memory<'_>) -> T) -> T {
        // SAFETY: as in `EngineCell::lend`; setup is not re-entrant since no callback runs in it.
        unsafe {
            let cell = &*self.cell.get();
            f(&mut EngineCell::lend(cell.cells, cell.len))
        }
    }

    /// Runs `f` on engine and block, with every misuse turned into an error.
    pub(crate) fn with<T>(
        &self,
        f: impl FnOnce(&mut Engine, &mut Memory<'_>) -> std::result::Result<T, EngineError>,
    ) -> Result<T> {
        // SAFETY: the cell is only touched from its own thread, and `busy` refuses a second use during the first.
        let cell = unsafe { &mut *self.cell.get() };
        cell.call(f).map_err(|error| fail(error.code, error.message))
    }

    /// Lets go of the engine; its functions throw from now on.
    pub(crate) fn close(&self) -> Result<()> {
        // SAFETY: as in `with`.
        let cell = unsafe { &mut *self.cell.get() };
        if cell.busy {
            return Err(fail("E_REENTRANT", "an engine cannot be closed from inside its own call"));
        }
        cell.engine = None;
        cell.ready = false;
        Ok(())
    }

    /// Makes this the engine that the hot functions work on, until it is left again.
    pub(crate) fn enter(&self) {
        ENTERED.with_borrow_mut(|entered| entered.push(Rc::clone(&self.cell)));
        CURRENT.set(self.cell.get());
    }

    /// Goes back to the engine that was current before.
    pub(crate) fn leave() {
        ENTERED.with_borrow_mut(|entered| {
            entered.pop();
            CURRENT.set(entered.last().map_or(ptr::null_mut(), |cell| cell.get()));
        });
    }
}

/// Puts the hot functions into a plain object.
pub(crate) fn put_hot_functions(env: sys::napi_env, object: sys::napi_value) -> Result<()> {
    type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;
    let all: [(&str, Callback); 4] =
        [("step", step), ("readAhead", read_ahead), ("advance", advance), ("details", details)];
    for (name, callback) in all {
        let mut function = ptr::null_mut();
        // SAFETY: the name lives through the call and no data is bound.
        let made = unsafe {
            sys::napi_create_function(
                env,
                name.as_ptr().cast::<c_char>(),
                name.len() as isize,
                Some(callback),
                ptr::null_mut(),
                &raw mut function,
            )
        };
        if made != sys::Status::napi_ok {
            return Err(fail("E_INTERNAL", "a native function could not be made"));
        }
        set_property(env, object, name, function)?;
    }
    Ok(())
}

/// An error on its way out of a hot call.
pub(crate) struct Raised {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl EngineCell {
    /// The block as the engine sees it: a cell's `cells` and `len`.
    ///
    /// # Safety
    /// Shared memory cannot be detached, `block_ref` keeps it alive, and the one JavaScript thread that owns the cell
    /// is inside this call, so nobody writes meanwhile. The lifetime must end with the call.
    #[inline(always)]
    unsafe fn lend<'call>(cells: *mut f64, len: usize) -> Memory<'call> {
        // SAFETY: the caller keeps the promise above.
        Memory::new(unsafe { std::slice::from_raw_parts_mut(cells, len) })
    }

    #[inline(always)]
    fn call<T>(
        &mut self,
        f: impl FnOnce(&mut Engine, &mut Memory<'_>) -> std::result::Result<T, EngineError>,
    ) -> std::result::Result<T, Raised> {
        let (true, Some(engine)) = (self.ready, self.engine.as_mut()) else { return Err(self.unusable()) };
        (self.ready, self.busy) = (false, true);
        // SAFETY: see `lend`.
        let mut memory = unsafe { Self::lend(self.cells, self.len) };
        let done = catch_unwind(AssertUnwindSafe(|| f(engine, &mut memory)));
        self.busy = false;
        match done {
            Ok(done) => {
                self.ready = true;
                done.map_err(|error| Raised { code: error.code(), message: error.to_string() })
            }
            Err(panic) => {
                self.poison = Some(panic_text(panic.as_ref()));
                Err(self.unusable())
            }
        }
    }

    #[cold]
    fn unusable(&self) -> Raised {
        if let Some(bug) = &self.poison {
            let message = format!("the engine is stopped for good, a bug was caught: {bug}");
            return Raised { code: "E_POISONED", message };
        }
        if self.busy {
            let message = "the engine was called from inside its own call: return first".to_owned();
            return Raised { code: "E_REENTRANT", message };
        }
        Raised { code: "E_CLOSED", message: "the engine was closed: make a new one".to_owned() }
    }
}

impl Drop for EngineCell {
    fn drop(&mut self) {
        // SAFETY: the reference was made in `EngineHandle::new` and is given back once. Finalizers may not run
        // JavaScript, and this does not.
        unsafe { sys::napi_delete_reference(self.env, self.block_ref) };
    }
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// The body of every hot callback.
#[inline(always)]
fn enter(
    env: sys::napi_env,
    f: impl FnOnce(&mut Engine, &mut Memory<'_>) -> std::result::Result<(), EngineError>,
) -> sys::napi_value {
    let current = CURRENT.get();
    // SAFETY: a current cell is kept alive by `ENTERED`, belongs to this thread, and `call` refuses nesting.
    let done = match unsafe { current.as_mut() } {
        Some(cell) => cell.call(f),
        None => Err(Raised { code: "E_CLOSED", message: "no engine was entered on this thread".to_owned() }),
    };
    if let Err(raised) = done {
        throw(env, &raised);
    }
    ptr::null_mut()
}

unsafe extern "C" fn step(env: sys::napi_env, _: sys::napi_callback_info) -> sys::napi_value {
    enter(env, Engine::step)
}

unsafe extern "C" fn read_ahead(env: sys::napi_env, _: sys::napi_callback_info) -> sys::napi_value {
    enter(env, Engine::read_ahead)
}

unsafe extern "C" fn advance(env: sys::napi_env, _: sys::napi_callback_info) -> sys::napi_value {
    enter(env, Engine::advance)
}

unsafe extern "C" fn details(env: sys::napi_env, _: sys::napi_callback_info) -> sys::napi_value {
    enter(env, |engine, memory| {
        engine.write_details(memory);
        Ok(())
    })
}

/// Throws it with its code once the callback returns.
#[cold]
pub(crate) fn throw(env: sys::napi_env, raised: &Raised) {
    let code = format!("{}\0", raised.code);
    let message = format!("{}\0", raised.message.replace('\0', "\\0"));
    // SAFETY: both texts end in a zero byte and live through the call.
    unsafe { sys::napi_throw_error(env, code.as_ptr().cast(), message.as_ptr().cast()) };
}

/// Sets a property of a plain object.
pub(crate) fn set_property(
    env: sys::napi_env,
    object: sys::napi_value,
    name: &str,
    value: sys::napi_value,
) -> Result<()> {
    let name = format!("{name}\0");
    // SAFETY: both values are live in this call's scope and the name ends in a zero byte.
    let status = unsafe { sys::napi_set_named_property(env, object, name.as_ptr().cast(), value) };
    if status == sys::Status::napi_ok {
        Ok(())
    } else {
        Err(fail("E_INTERNAL", "a property could not be set"))
    }
}
