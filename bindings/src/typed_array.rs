//! What JavaScript says of a typed array, and the blocks that are shared with it.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::ptr;

use napi::sys;

use crate::error::{fail, Result};

/// A typed array of the running call.
pub(crate) struct TypedArray {
    pub(crate) kind: sys::napi_typedarray_type,
    pub(crate) len: usize,
    pub(crate) data: *mut c_void,
    pub(crate) is_shared: bool,
    pub(crate) is_detached: bool,
}

impl TypedArray {
    /// Looks at a value; `None` if it is no typed array.
    pub(crate) fn of(env: sys::napi_env, value: sys::napi_value) -> Option<Self> {
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
        ok(unsafe { sys::napi_get_typedarray_info(env, value, kind_at, len_at, data_at, buffer_at, ptr::null_mut()) })?;
        let (mut is_private, mut is_detached) = (true, false);
        // SAFETY: `buffer` was written above. An ordinary buffer answers true, a shared one false.
        ok(unsafe { sys::napi_is_arraybuffer(env, buffer, &raw mut is_private) })?;
        if is_private {
            // SAFETY: `buffer` is an ordinary buffer.
            ok(unsafe { sys::napi_is_detached_arraybuffer(env, buffer, &raw mut is_detached) })?;
        }
        Some(Self { kind, len, data, is_shared: !is_private, is_detached })
    }
}

/// Address and length of a `Float64Array` over shared memory, which nobody can detach.
pub(crate) fn shared_block(env: sys::napi_env, value: sys::napi_value) -> Result<(*mut f64, usize)> {
    let array = TypedArray::of(env, value);
    let wanted = |array: &TypedArray| array.kind == sys::TypedarrayType::float64_array && array.is_shared;
    match array.filter(wanted) {
        Some(array) if !array.data.is_null() => Ok((array.data.cast(), array.len)),
        _ => Err(fail("E_ARGUMENT", "the block must be a Float64Array over a SharedArrayBuffer")),
    }
}
