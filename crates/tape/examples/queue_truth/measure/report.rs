/// What became of an order, recorded or simulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// Lots filled so far.
    pub lots: i64,
    /// When it was filled whole.
    pub whole_ns: Option<i64>,
    /// Lots filled when the recorded order ended, by a fill, by its owner or with the recording.
    pub lots_at_end: i64,
}

impl Fate {
    /// Adds a fill of an order that showed that size; what it hides beyond is another order's worth.
    pub fn add(&mut self, lots: i64, at_ns: i64, size_lots: i64) {
        self.lots = (self.lots + lots).min(size_lots);
        if self.lots >= size_lots && self.whole_ns.is_none() {
            self.whole_ns = Some(at_ns);
        }
    }
}

/// How far one model is from the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub model: String,
    /// Of the orders that were filled whole, those that the model filled whole earlier, in the same event, later, never.
    pub early: usize,
    pub same: usize,
    pub late: usize,
    pub never: usize,
    /// Of the orders that were not filled at all, those that the model filled in part or whole before they ended.
    pub false_fills: usize,
    /// Lots that the model had too few and too many when the orders ended.
    pub missing_lots: i64,
    pub extra_lots: i64,
    /// Quantiles of the distance between the times of the whole fill; `None` where the model never filled.
    pub median_ns: Option<i64>,
    pub p90_ns: Option<i64>,
}

impl Row {
    /// Holds a model's fates against the true ones, order by order.
    pub fn new(model: &str, truth: &[Fate], got: &[Fate]) -> Self {
        let pairs = || truth.iter().zip(got);
        let mut offs: Vec<Option<i64>> =
            pairs().filter_map(|(t, g)| Some(g.whole_ns.zip(Some(t.whole_ns?)).map(|(g, t)| g - t))).collect();
        let count = |is: fn(i64) -> bool| offs.iter().flatten().filter(|&&off| is(off)).count();
        let (early, same, late) = (count(|off| off < 0), count(|off| off == 0), count(|off| off > 0));
        let never = offs.iter().filter(|off| off.is_none()).count();
        // An order that the model never filled is farther off than any other.
        offs.sort_by_key(|off| off.map_or(i64::MAX, i64::abs));
        let quantile = |percent: usize| offs.get((offs.len() * percent).div_ceil(100).max(1) - 1)?.map(i64::abs);
        Self {
            model: model.to_owned(),
            early,
            same,
            late,
            never,
            false_fills: pairs().filter(|(t, g)| t.lots_at_end == 0 && g.lots_at_end > 0).count(),
            missing_lots: pairs().map(|(t, g)| (t.lots_at_end - g.lots_at_end).max(0)).sum(),
            extra_lots: pairs().map(|(t, g)| (g.lots_at_end - t.lots_at_end).max(0)).sum(),
            median_ns: quantile(50),
            p90_ns: quantile(90),
        }
    }
}

/// The truth in numbers, and a row for each model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub orders: usize,
    pub whole: usize,
    pub partly: usize,
    pub unfilled: usize,
    pub filled_lots: i64,
    pub rows: Vec<Row>,
}

impl Report {
    /// Of the true fates, and the fates under each model by its name.
    pub fn new<'a>(truth: &[Fate], models: impl Iterator<Item = (&'a str, &'a [Fate])>) -> Self {
        let whole = truth.iter().filter(|fate| fate.whole_ns.is_some()).count();
        let unfilled = truth.iter().filter(|fate| fate.lots_at_end == 0).count();
        Self {
            orders: truth.len(),
            whole,
            partly: truth.len() - whole - unfilled,
            unfilled,
            filled_lots: truth.iter().map(|fate| fate.lots_at_end).sum(),
            rows: models.map(|(model, got)| Row::new(model, truth, got)).collect(),
        }
    }
}
