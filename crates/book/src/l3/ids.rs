use bytemuck::Zeroable;

use super::slab::Slab;

/// Which node has the order of an id: open addressing, eight bytes a place.
///
/// A place holds the upper half of the id's hash, which tells where the entry belongs and nearly always whether it is
/// the right one; the id itself is compared in the node. Removing shifts what follows back, so that nothing is ever
/// left behind to be skipped.
#[derive(Clone, Debug)]
pub(super) struct Ids {
    places: Box<[Place]>,
    used: usize,
    /// From a hash to its place: as many upper bits as the table is long.
    shift: u32,
}

#[derive(Clone, Copy, Debug, Zeroable)]
#[repr(C)]
struct Place {
    hash: u32,
    /// 0 where the place is free: no order has the first node.
    node: u32,
}

/// Shortest table.
const MIN_PLACES: usize = 1 << 6;

/// Multiplicative hashing (D. Knuth, The Art of Computer Programming, vol. 3, 6.4): ids that count up, as those of most
/// venues do, lie further apart than by chance, so that a removal seldom finds a neighbour to shift.
#[inline(always)]
fn hash_of(id: u64) -> u32 {
    (id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

impl Ids {
    pub(super) fn new() -> Self {
        Self { places: Box::default(), used: 0, shift: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.used
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        self.places.len() - 1
    }

    #[inline(always)]
    fn home(&self, hash: u32) -> usize {
        (hash >> self.shift) as usize
    }

    /// Place and node of that id.
    #[inline(always)]
    pub(super) fn find(&self, id: u64, slab: &Slab) -> Option<(usize, u32)> {
        if self.places.is_empty() {
            return None;
        }
        let (at, node) = self.probe(id, slab);
        (node != 0).then_some((at, node))
    }

    /// Place and node of that id, or where it would go and 0. The table must have a free place.
    #[inline(always)]
    pub(super) fn probe(&self, id: u64, slab: &Slab) -> (usize, u32) {
        let hash = hash_of(id);
        let mut at = self.home(hash);
        loop {
            let place = self.places[at];
            if place.node == 0 || (place.hash == hash && slab.node(place.node).id == id) {
                return (at, place.node);
            }
            at = (at + 1) & self.mask();
        }
    }

    /// Makes room for one more id: at most half of the places are taken.
    #[inline(always)]
    pub(super) fn reserve(&mut self) {
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
    }

    /// Enters an id at the free place that [`Self::probe`] found.
    #[inline(always)]
    pub(super) fn insert(&mut self, at: usize, id: u64, node: u32) {
        self.places[at] = Place { hash: hash_of(id), node };
        self.used += 1;
    }

    /// Removes the entry of that place and shifts back those after it that no longer lie where a search finds them.
    #[inline(always)]
    pub(super) fn remove(&mut self, at: usize) {
        let mask = self.mask();
        let (mut hole, mut next) = (at, (at + 1) & mask);
        loop {
            let place = self.places[next];
            if place.node == 0 {
                break;
            }
            let from_home = next.wrapping_sub(self.home(place.hash)) & mask;
            if from_home >= next.wrapping_sub(hole) & mask {
                self.places[hole] = place;
                hole = next;
            }
            next = (next + 1) & mask;
        }
        self.places[hole] = Place::zeroed();
        self.used -= 1;
    }

    /// The node at the place where a search for that id begins: most often its own.
    #[inline(always)]
    pub(super) fn first_node(&self, id: u64) -> u32 {
        self.places.get(self.home(hash_of(id))).map_or(0, |place| place.node)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let places = (self.places.len() * 2).max(MIN_PLACES);
        let old = std::mem::replace(&mut self.places, bytemuck::zeroed_slice_box(places));
        self.shift = u32::BITS - places.trailing_zeros();
        for place in old.iter().filter(|place| place.node != 0) {
            let mut at = self.home(place.hash);
            while self.places[at].node != 0 {
                at = (at + 1) & self.mask();
            }
            self.places[at] = *place;
        }
    }

    /// Forgets every id; the memory is kept.
    pub(super) fn clear(&mut self) {
        self.places.fill(Place::zeroed());
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l3::slab::Node;
    use crate::l3::Order;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Ids of which many share a home: they differ in bits that the table's length cuts off.
    fn id() -> impl Strategy<Value = u64> {
        // The hash of `n × inverse` is the upper half of `n`: equal upper bits, equal homes.
        const INVERSE: u64 = 0xF1DE_83E1_9937_733D;
        prop_oneof![
            2 => 0..40u64,
            2 => (0..3u64, 0..40u64).prop_map(|(high, low)| ((high << 58) | low).wrapping_mul(INVERSE)),
            1 => (0..20u64).prop_map(|low| (u64::MAX << 32 | low).wrapping_mul(INVERSE)),
        ]
    }

    proptest! {
        #[test]
        fn the_table_equals_an_ordered_map(steps in prop::collection::vec((id(), any::<bool>()), 1..400)) {
            let (mut slab, mut ids, mut model) = (Slab::new(), Ids::new(), BTreeMap::new());
            for (id, insert) in steps {
                if insert {
                    ids.reserve();
                    let (at, node) = ids.probe(id, &slab);
                    prop_assert_eq!(node, model.get(&id).copied().unwrap_or(0));
                    if node == 0 {
                        let node = slab.next_free();
                        slab.take(Node::new(Order { id, side: 0, price_ticks: 1, size_lots: 1 }, 0));
                        ids.insert(at, id, node);
                        model.insert(id, node);
                    }
                } else if let Some((at, node)) = ids.find(id, &slab) {
                    prop_assert_eq!(model.remove(&id), Some(node));
                    ids.remove(at);
                    slab.give_back(node);
                } else {
                    prop_assert!(!model.contains_key(&id));
                }
                prop_assert_eq!(ids.len(), model.len());
            }
            for (id, node) in model {
                prop_assert_eq!(ids.find(id, &slab).map(|found| found.1), Some(node));
            }
        }
    }

    #[test]
    fn the_ids_of_the_property_share_their_home() {
        let mut ids = Ids::new();
        ids.reserve();
        let homes = [0, 1, 39].map(|low: u64| ids.home(hash_of(((1 << 58) | low).wrapping_mul(0xF1DE_83E1_9937_733D))));
        assert_eq!(homes, [1; 3]);
    }
}
