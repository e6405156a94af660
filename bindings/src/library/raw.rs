//! The hot functions of the library: one of each name an environment, for all objects of a class.
//!
//! This module and [`arrays`] are the only places with `unsafe` in the library. Rules it keeps:
//! - arguments and results lie in a block over a `SharedArrayBuffer`, which nobody can detach; a reference keeps it
//!   alive as long as its environment;
//! - memory of JavaScript is read and written as relaxed atomics ([`Numbers`]), so that two names for one buffer, or a
//!   worker that writes meanwhile, give odd numbers and nothing worse;
//! - no callback runs JavaScript, so that a call is never inside another and a buffer keeps its place during one;
//! - a panic is caught here; the object that it happened in stays marked as in use and is not used again.

#![allow(unsafe_code)]

mod arrays;

use std::cell::UnsafeCell;
use std::ffi::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::AtomicU64;

use napi::sys;
use tickwright_types::Tick;

use arrays::{columns, given, records};

use super::{aggregator, bars, book, cell, indicators, price_buffer, tape_reader, Done, Objects};
use crate::error::{fail, Result};
use crate::raw::{panic_text, set_property, throw, Raised};
use crate::typed_array::shared_block;

pub(super) use arrays::Numbers;

/// What the hot functions of one environment share.
struct Session {
    objects: Objects,
    /// The block. Referenced until the environment ends.
    cells: *const AtomicU64,
    /// Whether functions were made: then the session lives until the environment ends.
    is_kept: bool,
}

/// A counted handle of a [`Session`], for one thread.
pub(super) struct SessionHandle {
    session: Rc<UnsafeCell<Session>>,
}

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

impl SessionHandle {
    /// Starts a session on a block: a `Float64Array` over a `SharedArrayBuffer`.
    pub(super) fn new(env: sys::napi_env, block: sys::napi_value) -> Result<Self> {
        let (data, len) = shared_block(env, block)?;
        if len < cell::COUNT {
            return Err(fail("E_ARGUMENT", format!("the block has {len} cells; a library needs {}", cell::COUNT)));
        }
        let mut kept = ptr::null_mut();
        // SAFETY: `env` and `block` are those of the running call. The reference ends with the environment.
        if unsafe { sys::napi_create_reference(env, block, 1, &raw mut kept) } != sys::Status::napi_ok {
            return Err(fail("E_INTERNAL", "the block could not be referenced"));
        }
        let session = Session { objects: Objects::new(), cells: data.cast_const().cast(), is_kept: false };
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
        let session = self.kept(env)?;
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

    /// The session as the functions' data, kept alive until no JavaScript of the environment can call them.
    fn kept(&self, env: sys::napi_env) -> Result<*mut c_void> {
        let data = Rc::as_ptr(&self.session).cast_mut().cast::<c_void>();
        // SAFETY: as in `with`.
        let session = unsafe { &mut *self.session.get() };
        if !session.is_kept {
            // The environment refuses, fatally, to be told of one pointer twice.
            session.is_kept = true;
            std::mem::forget(Rc::clone(&self.session));
            // SAFETY: the hook gives back the count taken above, once, when the environment ends.
            if unsafe { sys::napi_add_env_cleanup_hook(env, Some(give_back), data) } != sys::Status::napi_ok {
                return Err(fail("E_INTERNAL", "the end of the environment could not be watched"));
            }
        }
        Ok(data)
    }
}

unsafe extern "C" fn give_back(session: *mut c_void) {
    // SAFETY: the pointer is that of an `Rc` whose count `kept` took for this, and this runs once.
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
    rsi_update = "rsiUpdate", |o, c| indicators::update(&mut o.rsis, c);
    rsi_reset = "rsiReset", |o, c| indicators::reset(&mut o.rsis, c);
    z_score_update = "zScoreUpdate", |o, c| indicators::update(&mut o.z_scores, c);
    z_score_reset = "zScoreReset", |o, c| indicators::reset(&mut o.z_scores, c);
    min_update = "minUpdate", |o, c| indicators::update(&mut o.mins, c);
    min_reset = "minReset", |o, c| indicators::reset(&mut o.mins, c);
    max_update = "maxUpdate", |o, c| indicators::update(&mut o.maxs, c);
    max_reset = "maxReset", |o, c| indicators::reset(&mut o.maxs, c);
    ratio_update = "volumeRatioUpdate", |o, c| indicators::update(&mut o.ratios, c);
    ratio_reset = "volumeRatioReset", |o, c| indicators::reset(&mut o.ratios, c);
    vwap_update = "vwapUpdate", |o, c| indicators::update(&mut o.vwaps, c);
    vwap_reset = "vwapReset", |o, c| indicators::reset(&mut o.vwaps, c);
    session_update = "sessionVwapUpdate", |o, c| indicators::update(&mut o.sessions, c);
    session_reset = "sessionVwapReset", |o, c| indicators::reset(&mut o.sessions, c);
    bands_update = "bollingerUpdate", |o, c| indicators::update(&mut o.bands, c);
    bands_reset = "bollingerReset", |o, c| indicators::reset(&mut o.bands, c);
    macd_update = "macdUpdate", |o, c| indicators::update(&mut o.macds, c);
    macd_reset = "macdReset", |o, c| indicators::reset(&mut o.macds, c);
    atr_update = "atrUpdate", |o, c| indicators::update(&mut o.atrs, c);
    atr_reset = "atrReset", |o, c| indicators::reset(&mut o.atrs, c);
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
    bars_on_mid = "barsOnMid", |o, c| bars::on_mid(&mut o.bars, c);
    bars_on_time = "barsOnTime", |o, c| bars::on_time(&mut o.bars, c);
    bars_next = "barsNext", |o, c| bars::next(&mut o.bars, c);
    bars_current = "barsCurrent", |o, c| bars::current(&mut o.bars, c);
    bars_flush = "barsFlush", |o, c| bars::flush(&mut o.bars, c);
    bars_refused = "barsRefused", |o, c| bars::refused(&mut o.bars, c);
    aggregator_next = "aggregatorNext", |o, c| aggregator::next(&mut o.aggregators, c);
    aggregator_current = "aggregatorCurrent", |o, c| aggregator::current(&mut o.aggregators, c);
    aggregator_flush = "aggregatorFlush", |o, c| aggregator::flush(&mut o.aggregators, c);
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
    ema_many = "emaUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.emas, c, &given);
    sma_many = "smaUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.smas, c, &given);
    std_many = "stdUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.stds, c, &given);
    rsi_many = "rsiUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.rsis, c, &given);
    z_score_many = "zScoreUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.z_scores, c, &given);
    min_many = "minUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.mins, c, &given);
    max_many = "maxUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.maxs, c, &given);
    ratio_many = "volumeRatioUpdateMany" [2], |o, c, given| indicators::update_many(&mut o.ratios, c, &given);
    vwap_many = "vwapUpdateMany" [3], |o, c, given| indicators::update_many(&mut o.vwaps, c, &given);
    session_many = "sessionVwapUpdateMany" [4], |o, c, given| indicators::update_many(&mut o.sessions, c, &given);
    bands_many = "bollingerUpdateMany" [4], |o, c, given| indicators::update_many(&mut o.bands, c, &given);
    macd_many = "macdUpdateMany" [4], |o, c, given| indicators::update_many(&mut o.macds, c, &given);
    atr_many = "atrUpdateMany" [4], |o, c, given| indicators::update_many(&mut o.atrs, c, &given);
    buffer_bootstrap = "bufferBootstrap" [2], |o, c, [times, mids]| {
        price_buffer::bootstrap(&mut o.buffers, c, [given(times)?, given(mids)?])
    };
    book_snapshot = "bookSnapshot" [2], |o, c, [bids, asks]| {
        book::snapshot(&mut o.books, c, [given(bids)?, given(asks)?])
    };
    book_levels = "bookLevels" [1], |o, c, [out]| book::levels(&mut o.books, c, given(out)?);
    bars_on_mids = "barsOnMids" [2], |o, c, [times, prices]| {
        bars::on_mids(&mut o.bars, c, [given(times)?, given(prices)?])
    };
    aggregator_on_bars = "aggregatorOnBars" [1], |o, c, [rows]| aggregator::on_bars(&mut o.aggregators, c, given(rows)?);
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
    let cells = Numbers::new(unsafe { std::slice::from_raw_parts(session.cells, cell::COUNT) });
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
