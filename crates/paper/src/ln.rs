/// Natural logarithm of a finite number above 0, from additions, multiplications and divisions alone.
///
/// The standard library's `ln` may differ between platforms in the last bit, and a queue estimate that differs by a bit
/// can move a fill. Here x = m·2^e with m in [√½, √2), and ln m = 2 artanh((m − 1)/(m + 1)) by its series, whose first
/// left-out term is below 2^-56.
pub(crate) fn ln(x: f64) -> f64 {
    debug_assert!(x.is_normal() && x > 0.0);
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7FF) as i32 - 1023;
    let mut mantissa = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    if mantissa >= std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for odd in (1..=21).rev().step_by(2) {
        sum = sum * square + 1.0 / f64::from(odd);
    }
    2.0 * s * sum + f64::from(exponent) * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::ln;

    #[test]
    fn it_agrees_with_the_library_to_fifteen_digits() {
        for n in 1..20_000 {
            for x in [f64::from(n), 1.0 / f64::from(n), f64::from(n) * 1e9] {
                assert!((ln(x) - x.ln()).abs() <= 1e-15 * (1.0 + x.ln().abs()), "{x}: {} {}", ln(x), x.ln());
            }
        }
    }

    #[test]
    fn its_bits_are_the_same_everywhere() {
        assert_eq!(ln(1.0).to_bits(), 0);
        assert_eq!(ln(10.0).to_bits(), 0x4002_6BB1_BBB5_5515);
        assert_eq!(ln(1.5).to_bits(), 0x3FD9_F323_ECBF_984C);
    }
}
