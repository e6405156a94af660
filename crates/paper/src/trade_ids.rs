use serde::{Deserialize, Serialize};

/// Which fills of a venue were heard of already, by their trade ids: a fill that is told twice counts once.
///
/// Ids count from 1 and come nearly in order, so what is kept is the next one and the gaps before it.
///
/// ```
/// use tickwright_paper::TradeIds;
/// let mut ids = TradeIds::default();
/// assert!(ids.is_new(1));
/// assert!(ids.is_new(3)); // 2 is late
/// assert!(!ids.is_new(3));
/// assert!(ids.is_new(2));
/// assert!(!ids.is_new(2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeIds {
    /// Ids up to here were heard, but for those that are missing.
    heard: u64,
    missing: Vec<u64>,
}

impl TradeIds {
    /// Notes an id; false if it was noted before. Constant time for ids in order.
    #[inline]
    pub fn is_new(&mut self, trade_id: u64) -> bool {
        if trade_id == self.heard + 1 {
            self.heard = trade_id;
            return true;
        }
        if trade_id > self.heard {
            self.missing.extend(self.heard + 1..trade_id);
            self.heard = trade_id;
            return true;
        }
        match self.missing.binary_search(&trade_id) {
            Ok(place) => {
                self.missing.remove(place);
                true
            }
            Err(_) => false,
        }
    }
}
