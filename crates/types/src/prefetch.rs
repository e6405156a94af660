/// Asks the processor to bring `slice[index]` into its caches; does nothing past the end or on a processor without
/// such a hint. Costs less than a nanosecond.
#[inline(always)]
#[allow(unsafe_code)]
pub fn prefetch_read<T>(slice: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = slice.get(index) {
        // SAFETY: a prefetch is a hint and never faults; the address is that of a live item anyway.
        unsafe {
            core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(core::ptr::from_ref(item).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, index);
}
