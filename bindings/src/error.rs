use napi::Error;

/// The stable code of an error, which becomes `error.code` in JavaScript.
pub struct Code(&'static str);

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// What every exported function returns.
pub type Result<T> = napi::Result<T, Code>;

/// An error of that code.
pub(crate) fn fail(code: &'static str, message: impl ToString) -> Error<Code> {
    Error::new(Code(code), message)
}

/// Turns a crate's error into a JavaScript one, keeping its code.
macro_rules! coded {
    ($($error:ty),*) => {$(
        impl From<$error> for Coded {
            fn from(error: $error) -> Self {
                Self(fail(error.code(), error))
            }
        }
    )*};
}

/// A bridge for `?` between the crates' errors and [`Result`].
pub struct Coded(pub Error<Code>);

coded!(
    tickwright_engine::EngineError,
    tickwright_tape::TapeError,
    tickwright_indicators::IndicatorError,
    tickwright_paper::PaperError,
    tickwright_types::TypesError
);

/// Keeps the code of a crate's error on its way out.
pub(crate) trait Coding<T> {
    fn coded(self) -> Result<T>;
}

impl<T, E: Into<Coded>> Coding<T> for std::result::Result<T, E> {
    fn coded(self) -> Result<T> {
        self.map_err(|error| error.into().0)
    }
}
