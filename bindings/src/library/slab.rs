use crate::raw::Raised;

/// Bits of a handle that say where the object lies; the others count how often the place was given out.
const INDEX_BITS: u32 = 20;
/// Objects of one class that can be open at once.
const MOST: usize = 1 << INDEX_BITS;
/// A handle stays below 2^31, where V8 keeps numbers as small integers. A place that was given out this often is given
/// up, so that no handle ever comes again.
const LAST_GENERATION: u32 = (1 << (31 - INDEX_BITS)) - 1;

/// Objects of one class, named by handles that go stale when their object is closed.
pub(super) struct Slab<T> {
    class: &'static str,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

struct Slot<T> {
    /// From 1 on: 0 is the handle of nothing.
    generation: u32,
    object: Option<T>,
    /// Set during a call. A panic leaves it set, and the object is not used again.
    busy: bool,
}

impl<T> Slab<T> {
    pub(super) fn new(class: &'static str) -> Self {
        Self { class, slots: Vec::new(), free: Vec::new() }
    }

    /// Takes an object in and returns its handle, above 0.
    pub(super) fn insert(&mut self, object: T) -> Result<u32, Raised> {
        let index = match self.free.pop() {
            Some(index) => index,
            None if self.slots.len() == MOST => {
                let message = format!("{MOST} objects of {} are open: close some first", self.class);
                return Err(Raised { code: "E_ARGUMENT", message });
            }
            None => {
                self.slots.push(Slot { generation: 0, object: None, busy: false });
                self.slots.len() as u32 - 1
            }
        };
        let slot = &mut self.slots[index as usize];
        slot.generation += 1;
        (slot.object, slot.busy) = (Some(object), false);
        Ok(slot.generation << INDEX_BITS | index)
    }

    /// Runs `f` on the object of that handle.
    #[inline(always)]
    pub(super) fn with<R>(&mut self, handle: u32, f: impl FnOnce(&mut T) -> Result<R, Raised>) -> Result<R, Raised> {
        let class = self.class;
        match self.slot(handle) {
            Some(Slot { object: Some(object), busy: busy @ false, .. }) => {
                *busy = true;
                let done = f(object);
                *busy = false;
                done
            }
            other => Err(unusable(class, other.is_some_and(|slot| slot.busy))),
        }
    }

    /// Drops the object of that handle; a stale handle is no error.
    pub(super) fn remove(&mut self, handle: u32) {
        let Some(slot) = self.slot(handle) else { return };
        if slot.object.take().is_some() && slot.generation < LAST_GENERATION {
            self.free.push(handle % (1 << INDEX_BITS));
        }
    }

    #[inline(always)]
    fn slot(&mut self, handle: u32) -> Option<&mut Slot<T>> {
        let slot = self.slots.get_mut((handle % (1 << INDEX_BITS)) as usize)?;
        (slot.generation == handle >> INDEX_BITS).then_some(slot)
    }
}

#[cold]
fn unusable(class: &str, is_broken: bool) -> Raised {
    if is_broken {
        return Raised {
            code: "E_POISONED",
            message: format!("this {class} is stopped for good, a bug was caught in it"),
        };
    }
    Raised { code: "E_CLOSED", message: format!("this {class} was closed: make a new one") }
}
