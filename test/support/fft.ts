// An in-place radix-2 FFT, enough for the measuring tools: no dependency, double precision.

/** Smallest power of two not below `n`. */
export function nextPowerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, n)))
}

/** Forward transform, in place, unscaled. Both arrays have the same power-of-two length. */
export function fft(re: Float64Array, im: Float64Array): void {
  const size = re.length
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      const [a, b] = [re[i] as number, im[i] as number]
      re[i] = re[j] as number
      im[i] = im[j] as number
      re[j] = a
      im[j] = b
    }
  }
  const cosines = new Float64Array(size >> 1)
  const sines = new Float64Array(size >> 1)
  for (let k = 0; k < size >> 1; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / size)
    sines[k] = -Math.sin((2 * Math.PI * k) / size)
  }
  for (let span = 1; span < size; span <<= 1) {
    const stride = size / (span << 1)
    for (let base = 0; base < size; base += span << 1) {
      for (let k = 0; k < span; k++) {
        const wr = cosines[k * stride] as number
        const wi = sines[k * stride] as number
        const [p, q] = [base + k, base + k + span]
        const xr = (re[q] as number) * wr - (im[q] as number) * wi
        const xi = (re[q] as number) * wi + (im[q] as number) * wr
        re[q] = (re[p] as number) - xr
        im[q] = (im[p] as number) - xi
        re[p] = (re[p] as number) + xr
        im[p] = (im[p] as number) + xi
      }
    }
  }
}
