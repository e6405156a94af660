use std::collections::{BTreeMap, BTreeSet};

use tickwright_types::{Instrument, Side};

use super::row::Change;

/// A book as the venue printed it: what its checksums are taken of.
pub(super) struct Levels {
    sides: [BTreeMap<i64, Level>; 2],
    decimals: [Option<u32>; 2],
}

/// Price and size of a level as text.
pub(super) struct Level {
    pub(super) price: String,
    pub(super) size: String,
}

impl Levels {
    pub(super) fn new(instrument: &Instrument) -> Self {
        let spec = instrument.spec();
        Self { sides: Default::default(), decimals: [spec.feed_px_decimals, spec.feed_qty_decimals] }
    }

    pub(super) fn clear(&mut self) {
        self.sides = Default::default();
    }

    /// The best levels of a side, best first.
    pub(super) fn best(&self, side: Side) -> Box<dyn Iterator<Item = &Level> + '_> {
        match side {
            Side::Bid => Box::new(self.sides[0].values().rev()),
            Side::Ask => Box::new(self.sides[1].values()),
        }
    }

    /// Applies the changes of a message, then cuts each side to `most_levels`, since venues do not say which levels
    /// fall out of what was subscribed. Levels that were cut become deletes in `changes`; changes of levels that came
    /// and went with this message are taken out.
    pub(super) fn apply(&mut self, changes: &mut Vec<Change<'_>>, most_levels: Option<usize>) {
        let mut new = BTreeSet::new();
        for change in changes.iter() {
            let side = &mut self.sides[change.side.index()];
            if change.deletes {
                side.remove(&change.price_ticks);
                continue;
            }
            let [price, size] =
                [(&change.price, 0), (&change.size, 1)].map(|(text, of)| padded(text, self.decimals[of]));
            if side.insert(change.price_ticks, Level { price, size }).is_none() {
                new.insert((change.side, change.price_ticks));
            }
        }
        let Some(most) = most_levels else { return };
        for side in [Side::Bid, Side::Ask] {
            while let Some((price_ticks, level)) = self.pop_beyond(side, most) {
                changes.retain(|change| (change.side, change.price_ticks) != (side, price_ticks));
                if !new.contains(&(side, price_ticks)) {
                    let (price, size) = (level.price.into(), "0".into());
                    changes.push(Change { side, price_ticks, size_lots: 0, deletes: true, price, size });
                }
            }
        }
    }

    fn pop_beyond(&mut self, side: Side, most: usize) -> Option<(i64, Level)> {
        let levels = &mut self.sides[side.index()];
        if levels.len() <= most {
            return None;
        }
        match side {
            Side::Bid => levels.pop_first(),
            Side::Ask => levels.pop_last(),
        }
    }
}

/// The text with zeros up to the digits after the dot that the feed prints, for recordings that lost them.
fn padded(text: &str, decimals: Option<u32>) -> String {
    let mut text = text.to_owned();
    let Some(decimals) = decimals else { return text };
    let printed = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if printed == 0 && decimals > 0 && !text.contains('.') {
        text.push('.');
    }
    text.extend(std::iter::repeat_n('0', (decimals as usize).saturating_sub(printed)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(side: Side, price_ticks: i64, size: &'static str) -> Change<'static> {
        let size_lots = size.parse().unwrap();
        Change {
            side,
            price_ticks,
            size_lots,
            deletes: size_lots == 0,
            price: price_ticks.to_string().into(),
            size: size.into(),
        }
    }

    fn instrument() -> Instrument {
        serde_json::from_str(
            r#"{"id":"B","venue":"v","symbol":"B","kind":"spot","tick_size":"1","lot_size":"1","base":"B","quote":"Q",
                "settlement":"Q"}"#,
        )
        .unwrap()
    }

    fn prices(levels: &Levels, side: Side) -> Vec<String> {
        levels.best(side).map(|level| level.price.clone()).collect()
    }

    #[test]
    fn zeros_are_added_up_to_what_the_feed_prints() {
        let cases =
            [("1.5", Some(3), "1.500"), ("1", Some(2), "1.00"), ("1.234", Some(2), "1.234"), ("7", Some(0), "7")];
        for (text, decimals, expected) in cases {
            assert_eq!(padded(text, decimals), expected);
        }
        assert_eq!(padded("1.50", None), "1.50");
    }

    #[test]
    fn levels_beyond_the_subscribed_depth_become_deletes() {
        let mut levels = Levels::new(&instrument());
        levels.apply(&mut vec![change(Side::Bid, 10, "1"), change(Side::Bid, 9, "1")], Some(2));
        let mut changes = vec![change(Side::Bid, 11, "5"), change(Side::Bid, 8, "5")];
        levels.apply(&mut changes, Some(2));
        assert_eq!(prices(&levels, Side::Bid), ["11", "10"]);
        let left: Vec<_> = changes.iter().map(|c| (c.price_ticks, c.size_lots)).collect();
        assert_eq!(left, [(11, 5), (9, 0)], "8 came and went, 9 fell out");
    }

    #[test]
    fn a_change_of_a_level_that_falls_out_becomes_its_delete() {
        let mut levels = Levels::new(&instrument());
        levels.apply(&mut vec![change(Side::Ask, 20, "1"), change(Side::Ask, 21, "1")], Some(2));
        let mut changes = vec![change(Side::Ask, 21, "7"), change(Side::Ask, 19, "5")];
        levels.apply(&mut changes, Some(2));
        assert_eq!(prices(&levels, Side::Ask), ["19", "20"]);
        let left: Vec<_> = changes.iter().map(|c| (c.price_ticks, c.size_lots)).collect();
        assert_eq!(left, [(19, 5), (21, 0)]);
    }
}
