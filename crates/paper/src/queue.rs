use serde::{Deserialize, Serialize};

use crate::fill_model::{QueueModel, Shape, Variant};
use crate::ln::ln;

/// A resting order's place in the queue of its level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Queue {
    /// Lots ahead of us, for the conservative model.
    ahead_lots: i64,
    /// Estimated lots ahead of us, for the probabilistic models.
    ahead_est: f64,
    /// Lots traded at the level since its last change, for the probabilistic models.
    traded_lots: i64,
    /// False while the level has not been seen, which happens below the best quote where no levels exist.
    known: bool,
}

impl Queue {
    /// Behind everything that is shown.
    pub(crate) fn behind(lots: i64) -> Self {
        Self { ahead_lots: lots, ahead_est: lots as f64, traded_lots: 0, known: true }
    }

    /// At a level that nobody shows.
    pub(crate) fn unseen() -> Self {
        Self { known: false, ..Self::behind(0) }
    }

    /// Lots ahead as far as the model knows, rounded to whole lots.
    pub(crate) fn ahead_lots(&self, model: QueueModel) -> Option<i64> {
        self.known.then(|| match model {
            QueueModel::Conservative => self.ahead_lots,
            QueueModel::Probabilistic { .. } => self.ahead_est.round() as i64,
        })
    }

    /// A trade against our side at our price, of which own orders before us left over `lots`. Returns how many of those
    /// reach us; the rest met those ahead.
    pub(crate) fn trade(&mut self, model: QueueModel, lots: i64, traded_lots: i64) -> i64 {
        if !self.known {
            return 0;
        }
        match model {
            QueueModel::Conservative => {
                let over = lots - self.ahead_lots;
                self.ahead_lots = (self.ahead_lots - lots).max(0);
                over.max(0)
            }
            QueueModel::Probabilistic { .. } => {
                self.traded_lots += traded_lots;
                self.ahead_est -= lots as f64;
                let over = (-self.ahead_est).round() as i64;
                if over > 0 {
                    self.ahead_est = 0.0;
                }
                over.max(0)
            }
        }
    }

    /// The level is shown with that size and nothing is known of how it came to it.
    pub(crate) fn cap(&mut self, lots: i64) {
        if self.known {
            self.ahead_lots = self.ahead_lots.min(lots);
            self.ahead_est = self.ahead_est.min(lots as f64);
            self.traded_lots = 0;
        } else {
            *self = Self::behind(lots);
        }
    }

    /// The level changed from one shown size to another.
    pub(crate) fn level(&mut self, model: QueueModel, old_lots: i64, new_lots: i64) {
        if !self.known {
            *self = Self::behind(new_lots);
            return;
        }
        match model {
            QueueModel::Conservative => self.ahead_lots = self.ahead_lots.min(new_lots),
            QueueModel::Probabilistic { shape, variant } => {
                let cancelled = (old_lots - new_lots - self.traded_lots) as f64;
                self.traded_lots = 0;
                let ahead = self.ahead_est;
                let moved = if cancelled < 0.0 {
                    ahead
                } else {
                    let behind = old_lots as f64 - ahead;
                    let p = chance_behind(shape, variant, ahead, behind);
                    ahead - (1.0 - p) * cancelled + (behind - p * cancelled).min(0.0)
                };
                self.ahead_est = moved.min(new_lots as f64);
            }
        }
    }
}

/// The chance that a cancelled lot stood behind us. Neither part may be negative to weigh anything.
fn chance_behind(shape: Shape, variant: Variant, ahead: f64, behind: f64) -> f64 {
    if ahead <= 0.0 {
        return 1.0;
    }
    let behind = behind.max(0.0);
    let f = |x: f64| match shape {
        Shape::Power(n) => power(x, n),
        Shape::Log => ln(1.0 + x),
    };
    let p = match variant {
        Variant::V1 => f(behind) / (f(behind) + f(ahead)),
        Variant::V2 => f(behind) / f(behind + ahead),
        Variant::V3 => 1.0 - f(ahead / (ahead + behind)),
    };
    // A weight of less than a lot can vanish (f(x) = x^16): with nothing to weigh, nobody counts as ahead.
    if p.is_finite() {
        p
    } else {
        1.0
    }
}

/// `x^n` by multiplication in a fixed order; the library's `powi` leaves the order open.
fn power(x: f64, n: u32) -> f64 {
    (0..n).fold(1.0, |product, _| product * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 3] = [Shape::Power(1), Shape::Power(2), Shape::Log];
    const VARIANTS: [Variant; 3] = [Variant::V1, Variant::V2, Variant::V3];

    #[test]
    fn with_nobody_ahead_every_cancel_is_behind_us() {
        for shape in SHAPES {
            for variant in VARIANTS {
                assert_eq!(chance_behind(shape, variant, 0.0, 5.0), 1.0, "{shape:?} {variant:?}");
                assert_eq!(chance_behind(shape, variant, 0.0, 0.0), 1.0, "{shape:?} {variant:?}");
            }
        }
    }

    #[test]
    fn with_nobody_behind_every_cancel_is_ahead_of_us() {
        for shape in SHAPES {
            for variant in [Variant::V1, Variant::V2] {
                assert_eq!(chance_behind(shape, variant, 5.0, 0.0), 0.0, "{shape:?} {variant:?}");
            }
        }
        assert_eq!(chance_behind(Shape::Power(3), Variant::V3, 5.0, 0.0), 0.0);
        // ln(1 + 1) is not 1: this shape of the third variant keeps a rest.
        assert!((chance_behind(Shape::Log, Variant::V3, 5.0, 0.0) - 0.306_852_819_440_054_7).abs() < 1e-15);
    }

    #[test]
    fn the_chances_are_those_of_the_published_formulas() {
        for (shape, variant, p) in [
            (Shape::Power(1), Variant::V1, 0.75),
            (Shape::Power(2), Variant::V1, 0.9),
            (Shape::Power(2), Variant::V2, 0.5625),
            (Shape::Power(2), Variant::V3, 0.9375),
            (Shape::Log, Variant::V1, 31f64.ln() / (31f64.ln() + 11f64.ln())),
            (Shape::Log, Variant::V2, 31f64.ln() / 41f64.ln()),
            (Shape::Log, Variant::V3, 1.0 - 1.25f64.ln()),
        ] {
            assert!((chance_behind(shape, variant, 10.0, 30.0) - p).abs() < 1e-14, "{shape:?} {variant:?}");
        }
    }

    #[test]
    fn a_conservative_queue_moves_by_trades_and_is_capped_by_its_level() {
        let model = QueueModel::Conservative;
        let mut queue = Queue::behind(100);
        queue.level(model, 100, 150);
        assert_eq!(queue.ahead_lots(model), Some(100));
        queue.level(model, 150, 60);
        assert_eq!(queue.ahead_lots(model), Some(60));
        assert_eq!(queue.trade(model, 50, 50), 0);
        assert_eq!(queue.trade(model, 10, 10), 0);
        assert_eq!(queue.trade(model, 1, 1), 1);
    }

    #[test]
    fn a_probabilistic_queue_counts_cancels_once_and_never_the_traded_part() {
        let model = QueueModel::Probabilistic { shape: Shape::Power(1), variant: Variant::V1 };
        let mut queue = Queue::behind(60);
        queue.level(model, 60, 100);
        assert_eq!(queue.ahead_est, 60.0);
        // 20 traded, then the level falls by 30: 10 cancelled, F 40 and B 60 of 100, p 0.6, four of them ahead.
        assert_eq!(queue.trade(model, 20, 20), 0);
        queue.level(model, 100, 70);
        assert!((queue.ahead_est - 36.0).abs() < 1e-12, "{}", queue.ahead_est);
        // A second fall of 35 has no trades to hide behind: B = 70 − 36 = 34, p = 34/70.
        queue.level(model, 70, 35);
        assert!((queue.ahead_est - (36.0 - 35.0 * 36.0 / 70.0)).abs() < 1e-12, "{}", queue.ahead_est);
    }
}
