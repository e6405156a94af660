use serde::{Deserialize, Serialize};

use super::occupancy::MIN_SLOTS;

/// Longest band that can be asked for: 2^24 ticks, 128 MB of address space a side.
const LONGEST_BAND_TICKS: u32 = 1 << 24;

/// How much of the price axis a book keeps in its flat arrays.
///
/// A band of `n` ticks takes `8 n` bytes of address space a side, of which only the pages that hold levels become
/// real memory. Both lengths are rounded up to a power of two between 2^12 and 2^24.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BookConfig {
    /// Length of a side's band when its first price comes, in ticks.
    pub initial_band_ticks: u32,
    /// Length up to which a band grows, in ticks; prices further from the touch go to an ordered map.
    pub max_band_ticks: u32,
}

impl Default for BookConfig {
    /// 2^16 ticks at first, 2^22 at most: BTCUSDT at 0.01 has levels 3.7 million ticks from the touch.
    fn default() -> Self {
        Self { initial_band_ticks: 1 << 16, max_band_ticks: 1 << 22 }
    }
}

impl BookConfig {
    pub(super) fn normalised(self) -> Self {
        let length = |ticks: u32| ticks.clamp(MIN_SLOTS as u32, LONGEST_BAND_TICKS).next_power_of_two();
        let max_band_ticks = length(self.max_band_ticks);
        Self { initial_band_ticks: length(self.initial_band_ticks).min(max_band_ticks), max_band_ticks }
    }
}
