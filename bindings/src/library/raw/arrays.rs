use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, AtomicU8, Ordering::Relaxed};

use napi::sys;
use tickwright_types::{Tick, TickKind};

use crate::library::{bad_argument, cell};
use crate::raw::Raised;
use crate::typed_array::TypedArray;

/// Doubles that JavaScript owns.
#[derive(Clone, Copy)]
pub(in crate::library) struct Numbers<'call>(&'call [AtomicU64]);

impl<'call> Numbers<'call> {
    pub(super) fn new(words: &'call [AtomicU64]) -> Self {
        Self(words)
    }

    #[inline(always)]
    pub(in crate::library) fn len(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    pub(in crate::library) fn get(self, at: usize) -> f64 {
        f64::from_bits(self.0[at].load(Relaxed))
    }

    #[inline(always)]
    pub(in crate::library) fn set(self, at: usize, value: f64) {
        self.set_bits(at, value.to_bits());
    }

    #[inline(always)]
    pub(in crate::library) fn set_bits(self, at: usize, bits: u64) {
        self.0[at].store(bits, Relaxed);
    }

    /// Copies the numbers from a place on.
    #[inline(always)]
    pub(in crate::library) fn read(self, from: usize, into: &mut [f64]) {
        for (to, word) in into.iter_mut().zip(&self.0[from..]) {
            *to = f64::from_bits(word.load(Relaxed));
        }
    }

    /// Writes numbers from a place on.
    #[inline(always)]
    pub(in crate::library) fn write(self, from: usize, values: &[f64]) {
        for (value, word) in values.iter().zip(&self.0[from..]) {
            word.store(value.to_bits(), Relaxed);
        }
    }

    /// The object that a call is about. A number that is no handle becomes one of nothing.
    #[inline(always)]
    pub(in crate::library) fn handle(self) -> u32 {
        self.get(cell::HANDLE) as u32
    }
}

/// An array of that kind whose buffer is still there.
fn wanted(
    env: sys::napi_env,
    value: sys::napi_value,
    kind: sys::napi_typedarray_type,
    name: &str,
) -> Result<TypedArray, Raised> {
    let found = TypedArray::of(env, value).filter(|array| array.kind == kind);
    let array = found.ok_or_else(|| bad_argument(format!("the argument must be a {name}")))?;
    if array.is_detached {
        return Err(bad_argument(format!("the buffer of the {name} was detached: it was sent away or resized")));
    }
    Ok(array)
}

/// Every argument as a column; `undefined` is none.
pub(super) fn columns<'call, const N: usize>(
    env: sys::napi_env,
    values: [sys::napi_value; N],
) -> Result<[Option<Numbers<'call>>; N], Raised> {
    let mut columns = [None; N];
    for (column, value) in columns.iter_mut().zip(values) {
        let mut kind = 0;
        // SAFETY: a plain query on a value of the running call.
        let status = unsafe { sys::napi_typeof(env, value, &raw mut kind) };
        if status == sys::Status::napi_ok && kind == sys::ValueType::napi_undefined {
            continue;
        }
        let array = wanted(env, value, sys::TypedarrayType::float64_array, "Float64Array")?;
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

/// A column that may not be left out.
pub(super) fn given(column: Option<Numbers<'_>>) -> Result<Numbers<'_>, Raised> {
    column.ok_or_else(|| bad_argument("an argument is missing: give a Float64Array".to_owned()))
}

/// Checked records: where they lie if they are private and aligned, else a copy.
pub(super) fn records<'call>(env: sys::napi_env, value: sys::napi_value) -> Result<Cow<'call, [Tick]>, Raised> {
    let array = wanted(env, value, sys::TypedarrayType::uint8_array, "Uint8Array")?;
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
    let mut ticks = vec![Tick::of(TickKind::Timer); array.len.div_ceil(size_of::<Tick>())];
    let copy = &mut bytemuck::cast_slice_mut::<Tick, u8>(&mut ticks)[..array.len];
    copy.iter_mut().zip(bytes).for_each(|(to, from)| *to = from.load(Relaxed));
    Tick::slice_from_bytes(copy)?;
    Ok(Cow::Owned(ticks))
}
