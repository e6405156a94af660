/// Asks the processor to bring the item `ahead` places after `item` into its caches, whether or not there is one; does
/// nothing on a processor without such a hint. Costs less than a nanosecond.
#[inline(always)]
#[allow(unsafe_code)]
pub fn prefetch_ahead<T>(item: &T, ahead: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        let address = std::ptr::from_ref(item).wrapping_add(ahead);
        // SAFETY: a prefetch is a hint: it reads nothing and never faults, whatever the address.
        unsafe { core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(address.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (item, ahead);
}
