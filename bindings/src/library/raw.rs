//! The hot functions of the library: one of each name an environment, for all objects of a class.
//!
//! This module is the only place with `unsafe` in the library. Rules it keeps:
//! - arguments and results lie in a block over a `SharedArrayBuffer`, which nobody can detach; a reference keeps it
//!   alive as long as its environment;
//! - memory of JavaScript is read and written as relaxed atomics ([`Numbers`]), so that two names for one buffer, or a
//!   worker that writes meanwhile, give odd numbers and nothing worse;
//! - no callback runs JavaScript, so that a call is never inside another and a buffer keeps its place during one;
//! - a panic is caught here; the object that it happened in stays marked as in use and is not used again.

#![allow(unsafe_code)]

use std::borrow::Cow;
use std::cell::UnsafeCell;
use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, AtomicU8, Ordering::Relaxed};

use napi::sys;
use tickwright_types::Tick;

use super::{bad_argument, bars, book, cell, indicators, price_buffer, tape_reader, Done, Objects};
use crate::error::{fail, Result};
use crate::raw::{panic_text, set_property, throw, Raised};

/// Doubles that JavaScript owns.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'call>(&'call [AtomicU64]);

impl Numbers<'_> {
    #[inline(always)]
    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    pub(super) fn get(self, at: usize) -> f64 {
        f64::from_bits(self.0[at].load(Relaxed))
    }

    #[inline(always)]
    pub(super) fn set(self, at: usize, value: f64) {
        self.set_bits(at, value.to_bits());
    }

    #[inline(always)]
    pub(super) fn set_bits(self, at: usize, bits: u64) {
        self.0[at].store(bits, Relaxed);
    }

    /// The object that a call is about. A number that is no handle becomes one of nothing.
    #[inline(always)]
    pub(super) fn handle(self) -> u32 {
        self.get(cell::HANDLE) as u32
    }
}

/// What the hot functions of one environment share.
struct Session {
    objects: Objects,
    /// The block. Referenced until the environment ends.
    cells: *const AtomicU64,
}

/// A counted handle of a [`Session`], for one thread.
pub(super) struct SessionHandle {
    session: Rc<UnsafeCell<Session>>,
}

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

impl SessionHandle {
    /// Starts a session on a block: a `Float64Array` over a `SharedArrayBuffer`.
    pub(super) fn new(env: sys::napi_env, block: sys::napi_value) -> Result<Self> {
        let refuse = || fail("E_ARGUMENT", "the block must be a Float64Array over a SharedArrayBuffer");
        let array = TypedArray::of(env, block).ok_or_else(refuse)?;
        if array.kind != sys::TypedarrayType::float64_array || !array.is_shared || array.len < cell::COUNT {
            return Err(refuse());
        }
        let mut kept = ptr::null_mut();
        // SAFETY: `env` and `block` are those of the running call. The reference ends with the environment.
        if unsafe { sys::napi_create_reference(env, block, 1, &raw mut kept) } != sys::Status::napi_ok {
            return Err(fail("E_INTERNAL", "the block could not be referenced"));
        }
        let session = Session { objects: Objects::new(), cells: array.data.cast() };
        Ok(Self { session: Rc::new(UnsafeCell::new(session)) })
    }

    /// Lends the objects to set-up and clearing away.
    pub(super) fn with<T>(&self, f: impl FnOnce(&mut Objects) -> std::result::Result<T, Raised>) -> Result<T> {
        // SAFETY: one thread, and no call is ever inside another: none runs JavaScript.
        let objects = unsafe { &mut (*self.session.get()).objects };
        f(objects).map_err(|raised| fail(raised.code, raised.message))
    }

    /// Puts every hot function into a plain object.
    pub(super) fn put_functions(&self, env: sys::napi_env, object: sys::napi_value) -> Result<()> {
        let session = Rc::into_raw(Rc::clone(&self.session)).cast_mut().cast::<c_void>();
        // SAFETY: the hook gives back the count taken above, once, when no JavaScript of the environment runs any more.
        if unsafe { sys::napi_add_env_cleanup_hook(env, Some(give_back), session) } != sys::Status::napi_ok {
            return Err(fail("E_INTERNAL", "the end of the environment could not be watched"));
        }
        for &(name, callback) in HOT.iter().chain(BATCH).chain(TICKS) {
            let mut function = ptr::null_mut();
            let text = name.as_ptr().cast::<c_char>();
            // SAFETY: the name lives through the call, and the session as long as any JavaScript can call.
            let made = unsafe {
                sys::napi_create_function(env, text, name.len() as isize, Some(callback), session, &raw mut function)
            };
            if made != sys::Status::napi_ok {
                return Err(fail("E_INTERNAL", "a native function could not be made"));
            }
            set_property(env, object, name, function)?;
        }
        Ok(())
    }
}

unsafe extern "C" fn give_back(session: *mut c_void) {
    // SAFETY: the pointer is the one that `put_functions` made of an `Rc`, and this runs once.
    drop(unsafe { Rc::from_raw(session.cast::<UnsafeCell<Session>>()) });
}

/// Functions without arguments: everything passes through the cells.
macro_rules! hot {
    ($($callback:ident = $name:literal, |$objects:ident, $cells:ident| $op:expr;)*) => {
        $(unsafe extern "C" fn $callback(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
            enter::<0>(env, info, |$objects, $cells, _| $op)
        })*
        const HOT: &[(&str, Callback)] = &[$(($name, $callback)),*];
    };
}

hot! {
    ema_update = "emaUpdate", |o, c| indicators::update(&mut o.emas, c);
    ema_reset = "emaReset", |o, c| indicators::reset(&mut o.emas, c);
    sma_update = "smaUpdate", |o, c| indicators::update(&mut o.smas, c);
    sma_reset = "smaReset", |o, c| indicators::reset(&mut o.smas, c);
    std_update = "stdUpdate", |o, c| indicators::update(&mut o.stds, c);
    std_reset = "stdReset", |o, c| indicators::reset(&mut o.stds, c);
    atr_update = "atrUpdate", |o, c| indicators::atr_update(&mut o.atrs, c);
    atr_reset = "atrReset", |o, c| indicators::atr_reset(&mut o.atrs, c);
    buffer_on_mid = "bufferOnMid", |o, c| price_buffer::on_mid(&mut o.buffers, c);
    buffer_reset = "bufferReset", |o, c| price_buffer::reset(&mut o.buffers, c);
    book_apply_level = "bookApplyLevel", |o, c| book::apply_level(&mut o.books, c);
    book_top = "bookTop", |o, c| book::top(&mut o.books, c);
    book_size_at = "bookSizeAt", |o, c| book::size_at(&mut o.books, c);
    book_cumulative_to = "bookCumulativeTo", |o, c| book::cumulative_to(&mut o.books, c);
    book_fill_cost = "bookFillCost", |o, c| book::fill_cost(&mut o.books, c);
    book_imbalance = "bookImbalance", |o, c| book::imbalance(&mut o.books, c);
    book_microprice = "bookMicroprice", |o, c| book::microprice(&mut o.books, c);
    book_level_count = "bookLevelCount", |o, c| book::level_count(&mut o.books, c);
    book_clear = "bookClear", |o, c| book::clear(&mut o.books, c);
    bars_on_trade = "barsOnTrade", |o, c| bars::on_trade(&mut o.bars, c);
    bars_on_time = "barsOnTime", |o, c| bars::on_time(&mut o.bars, c);
    bars_next = "barsNext", |o, c| bars::next(&mut o.bars, c);
    bars_current = "barsCurrent", |o, c| bars::current(&mut o.bars, c);
    bars_flush = "barsFlush", |o, c| bars::flush(&mut o.bars, c);
    bars_refused = "barsRefused", |o, c| bars::refused(&mut o.bars, c);
}

/// Functions of columns, of which the last may be left out where the operation takes an `Option`.
macro_rules! batch {
    ($($callback:ident = $name:literal [$n:literal], |$objects:ident, $cells:ident, $columns:pat_param| $op:expr;)*) => {
        $(unsafe extern "C" fn $callback(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
            enter::<$n>(env, info, |$objects, $cells, values| {
                let $columns = columns::<$n>(env, values)?;
                $op
            })
        })*
        const BATCH: &[(&str, Callback)] = &[$(($name, $callback)),*];
    };
}

batch! {
    ema_many = "emaUpdateMany" [2], |o, c, [xs, out]| indicators::update_many(&mut o.emas, c, given(xs)?, out);
    sma_many = "smaUpdateMany" [2], |o, c, [xs, out]| indicators::update_many(&mut o.smas, c, given(xs)?, out);
    std_many = "stdUpdateMany" [2], |o, c, [xs, out]| indicators::update_many(&mut o.stds, c, given(xs)?, out);
    atr_many = "atrUpdateMany" [4], |o, c, [high, low, close, out]| {
        indicators::atr_update_many(&mut o.atrs, c, [given(high)?, given(low)?, given(close)?], out)
    };
    buffer_bootstrap = "bufferBootstrap" [2], |o, c, [times, mids]| {
        price_buffer::bootstrap(&mut o.buffers, c, [given(times)?, given(mids)?])
    };
    book_snapshot = "bookSnapshot" [2], |o, c, [bids, asks]| {
        book::snapshot(&mut o.books, c, [given(bids)?, given(asks)?])
    };
    book_levels = "bookLevels" [1], |o, c, [out]| book::levels(&mut o.books, c, given(out)?);
    bars_on_trades = "barsOnTrades" [3], |o, c, [times, prices, sizes]| {
        bars::on_trades(&mut o.bars, c, [given(times)?, given(prices)?, given(sizes)?])
    };
    tape_fill = "tapeFill" [1], |o, c, [out]| tape_reader::fill(&mut o.tapes, c, given(out)?);
}

/// Functions of whole 48-byte records in a `Uint8Array`.
macro_rules! ticks {
    ($($callback:ident = $name:literal, |$objects:ident, $cells:ident, $ticks:ident| $op:expr;)*) => {
        $(unsafe extern "C" fn $callback(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
            enter::<1>(env, info, |$objects, $cells, [value]| {
                let records = records(env, value)?;
                let $ticks: &[Tick] = &records;
                $op
            })
        })*
        const TICKS: &[(&str, Callback)] = &[$(($name, $callback)),*];
    };
}

ticks! {
    book_apply_ticks = "bookApplyTicks", |o, c, ticks| book::apply_ticks(&mut o.books, c, ticks);
    bars_apply_ticks = "barsApplyTicks", |o, c, ticks| bars::apply_ticks(&mut o.bars, c, ticks);
}

/// The body of every callback.
#[inline(always)]
fn enter<const ARGUMENTS: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    op: impl FnOnce(&mut Objects, Numbers<'_>, [sys::napi_value; ARGUMENTS]) -> Done,
) -> sys::napi_value {
    let mut values = [ptr::null_mut(); ARGUMENTS];
    let (mut count, mut session) = (ARGUMENTS, ptr::null_mut::<c_void>());
    // SAFETY: `values` has `count` places; missing arguments are filled with `undefined`.
    unsafe {
        sys::napi_get_cb_info(env, info, &raw mut count, values.as_mut_ptr(), ptr::null_mut(), &raw mut session);
    }
    // SAFETY: every function was made with its session as data, which outlives it; one thread, and no call is inside
    // another.
    let Some(session) = (unsafe { session.cast::<Session>().as_mut() }) else { return ptr::null_mut() };
    // SAFETY: the block has at least that many cells, stays in its place and is alive; doubles and atomics of 64 bits
    // have one size and alignment.
    let cells = Numbers(unsafe { std::slice::from_raw_parts(session.cells, cell::COUNT) });
    match catch_unwind(AssertUnwindSafe(|| op(&mut session.objects, cells, values))) {
        Ok(Ok(())) => {}
        Ok(Err(raised)) => throw(env, &raised),
        Err(panic) => throw(env, &poisoned(panic.as_ref())),
    }
    ptr::null_mut()
}

#[cold]
fn poisoned(panic: &(dyn std::any::Any + Send)) -> Raised {
    let message = format!("a bug was caught, the object is stopped for good: {}", panic_text(panic));
    Raised { code: "E_POISONED", message }
}

/// A typed array of the running call.
struct TypedArray {
    kind: sys::napi_typedarray_type,
    len: usize,
    data: *mut c_void,
    is_shared: bool,
    is_detached: bool,
}

impl TypedArray {
    fn of(env: sys::napi_env, value: sys::napi_value) -> Option<Self> {
        let ok = |status| (status == sys::Status::napi_ok).then_some(());
        let mut is_typed = false;
        // SAFETY: a plain query on a value of the running call.
        ok(unsafe { sys::napi_is_typedarray(env, value, &raw mut is_typed) })?;
        if !is_typed {
            return None;
        }
        let (mut kind, mut len, mut data, mut buffer) = (0, 0, ptr::null_mut(), ptr::null_mut());
        let (kind_at, len_at, data_at, buffer_at) = (&raw mut kind, &raw mut len, &raw mut data, &raw mut buffer);
        // SAFETY: `value` is a typed array and all outputs are written; the offset is not wanted.
        ok(unsafe {
            sys::napi_get_typedarray_info(env, value, kind_at, len_at, data_at, buffer_at, ptr::null_mut())
        })?;
        let (mut is_private, mut is_detached) = (true, false);
        // SAFETY: `buffer` was written above. An ordinary buffer answers true, a shared one false.
        ok(unsafe { sys::napi_is_arraybuffer(env, buffer, &raw mut is_private) })?;
        if is_private {
            // SAFETY: `buffer` is an ordinary buffer.
            ok(unsafe { sys::napi_is_detached_arraybuffer(env, buffer, &raw mut is_detached) })?;
        }
        Some(Self { kind, len, data, is_shared: !is_private, is_detached })
    }

    /// An array of that kind whose buffer is still there.
    fn wanted(env: sys::napi_env, value: sys::napi_value, kind: sys::napi_typedarray_type, name: &str) -> std::result::Result<Self, Raised> {
        let found = Self::of(env, value).filter(|array| array.kind == kind);
        let array = found.ok_or_else(|| bad_argument(format!("the argument must be a {name}")))?;
        if array.is_detached {
            return Err(bad_argument(format!("the buffer of the {name} was detached: it was sent away or resized")));
        }
        Ok(array)
    }
}

/// Every argument as a column; `undefined` is none.
fn columns<'call, const N: usize>(
    env: sys::napi_env,
    values: [sys::napi_value; N],
) -> std::result::Result<[Option<Numbers<'call>>; N], Raised> {
    let mut columns = [None; N];
    for (column, value) in columns.iter_mut().zip(values) {
        let mut kind = 0;
        // SAFETY: a plain query on a value of the running call.
        let status = unsafe { sys::napi_typeof(env, value, &raw mut kind) };
        if status == sys::Status::napi_ok && kind == sys::ValueType::napi_undefined {
            continue;
        }
        let array = TypedArray::wanted(env, value, sys::TypedarrayType::float64_array, "Float64Array")?;
        *column = Some(if array.len == 0 {
            Numbers(&[])
        } else {
            // SAFETY: a `Float64Array` of that length begins there, aligned to 8; it stays there until the call
            // returns, for no JavaScript of this thread runs meanwhile and shared memory does not move.
            Numbers(unsafe { std::slice::from_raw_parts(array.data.cast(), array.len) })
        });
    }
    Ok(columns)
}

fn given(column: Option<Numbers<'_>>) -> std::result::Result<Numbers<'_>, Raised> {
    column.ok_or_else(|| bad_argument("an argument is missing: give a Float64Array".to_owned()))
}

/// Checked records: where they lie if they are private and aligned, else a copy.
fn records<'call>(env: sys::napi_env, value: sys::napi_value) -> std::result::Result<Cow<'call, [Tick]>, Raised> {
    let array = TypedArray::wanted(env, value, sys::TypedarrayType::uint8_array, "Uint8Array")?;
    if array.len == 0 {
        return Ok(Cow::Borrowed(&[]));
    }
    if !array.is_shared && array.data.cast::<Tick>().is_aligned() {
        // SAFETY: that many bytes lie there; nobody writes them until the call returns, for their buffer is private to
        // this thread and no JavaScript runs meanwhile.
        let bytes = unsafe { std::slice::from_raw_parts(array.data.cast::<u8>(), array.len) };
        return Ok(Cow::Borrowed(Tick::slice_from_bytes(bytes)?));
    }
    // SAFETY: as above, but others may write: read as atomics.
    let bytes = unsafe { std::slice::from_raw_parts(array.data.cast::<AtomicU8>(), array.len) };
    let mut ticks = vec![Tick::of(tickwright_types::TickKind::Timer); array.len.div_ceil(size_of::<Tick>())];
    let copy = &mut bytemuck::cast_slice_mut::<Tick, u8>(&mut ticks)[..array.len];
    copy.iter_mut().zip(bytes).for_each(|(to, from)| *to = from.load(Relaxed));
    Tick::slice_from_bytes(copy)?;
    Ok(Cow::Owned(ticks))
}
