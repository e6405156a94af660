use napi::bindgen_prelude::{Object, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;

use super::bad_argument;
use super::raw::SessionHandle;
use crate::error::{fail, Result};

/// The objects of one environment. Made once; its hot functions serve all of them.
#[napi]
pub struct NativeLibrary {
    session: SessionHandle,
}

#[napi]
impl NativeLibrary {
    /// Makes a library whose arguments and results pass through a `Float64Array` over a `SharedArrayBuffer`.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, block: Unknown<'_>) -> Result<Self> {
        Ok(Self { session: SessionHandle::new(env.raw(), block.raw())? })
    }

    /// Every hot function, by name.
    #[napi(catch_unwind)]
    pub fn functions<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let functions = Object::new(env).map_err(|error| fail("E_INTERNAL", error.reason))?;
        self.session.put_functions(env.raw(), functions.raw())?;
        Ok(functions)
    }

    /// Makes an object of settings such as `{"ema":{"period":14}}` and returns its handle.
    #[napi(catch_unwind)]
    pub fn open(&self, settings_json: String) -> Result<u32> {
        let settings = serde_json::from_str(&settings_json).map_err(|error| fail("E_ARGUMENT", error))?;
        self.session.with(|objects| objects.open(settings))
    }

    /// Drops an object of a kind, as `open` names it; one that is gone is no error.
    #[napi(catch_unwind)]
    pub fn close(&self, kind: String, handle: u32) -> Result<()> {
        self.session.with(|objects| {
            if objects.close(&kind, handle) {
                return Ok(());
            }
            Err(bad_argument(format!("{kind:?} is not a kind of object of the library")))
        })
    }

    /// What an open tape says of itself, as JSON.
    #[napi(catch_unwind)]
    pub fn tape_info_json(&self, handle: u32) -> Result<String> {
        let info = self.session.with(|objects| objects.tapes.with(handle, |tape| Ok(tape.info().clone())))?;
        serde_json::to_string(&info).map_err(|error| fail("E_INTERNAL", error))
    }
}
