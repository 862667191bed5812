package main

import (
	"math/bits"
	"time"
)

// Random times without floating point, digit by digit those of the model: 64 random bits are read as a probability, and
// the time is the one below which that share of all draws lies. Fixed point with 56 binary digits behind the point.

const (
	longestDraw = 1 << 61 // ns
	one56       = 1 << 56
	one62       = 1 << 62
	ln2         = 0x2c5c85fdf473de6b // in Q62, as the next two
	log2e       = 0x5c551d94ae0bf85e
	ln2Sqrt2Pi  = 0x6f329529f9660683
)

// sampler turns 64 random bits into nanoseconds.
type sampler struct {
	quantile func(bits uint64) int64
	min, max int64
}

func (g *goroutine) draw(s site, from sampler) time.Duration {
	d := from.quantile(g.bits(s))
	if d < from.min {
		d = from.min
	}
	if d > from.max {
		d = from.max
	}
	return time.Duration(d)
}

func uniform(min, max time.Duration) sampler {
	return sampler{func(b uint64) int64 {
		high, _ := bits.Mul64(b, uint64(max-min)+1)
		return int64(min) + int64(high)
	}, 0, longestDraw}
}

func exponential(mean, min, max time.Duration) sampler {
	return sampler{func(b uint64) int64 { return scaled(int64(mean), mulShift(tailLog2(b), ln2, 62)) }, int64(min), int64(max)}
}

func normal(mean, sd, min, max time.Duration) sampler {
	return sampler{func(b uint64) int64 {
		score := normalScore(b)
		if score < 0 {
			// Rounding is towards the nearest, halves upwards.
			return plus(int64(mean), -scaledDown(int64(sd), -score))
		}
		return plus(int64(mean), scaled(int64(sd), score))
	}, int64(min), int64(max)}
}

func lognormal(median, p99, min, max time.Duration) sampler {
	ratio := log2(uint64(p99)) - log2(uint64(median))
	high, low := bits.Mul64(uint64(ratio), one56)
	perScore, _ := bits.Div64(high, low, uint64(normalScore(0xfd70a3d70a3d70a4))) // 0.99 of 2^64
	return lognormalPerScore(median, int64(perScore), min, max)
}

func lognormalSigma(median time.Duration, sigmaPPM int64, min, max time.Duration) sampler {
	high, low := bits.Mul64(uint64(sigmaPPM), log2e)
	perScore, _ := bits.Div64(high, low, 1000000)
	return lognormalPerScore(median, int64(perScore>>6), min, max)
}

func lognormalPerScore(median time.Duration, perScore int64, min, max time.Duration) sampler {
	return sampler{func(b uint64) int64 {
		score := normalScore(b)
		high, low := mulSigned(perScore, score)
		return scale(int64(median), exponentOf(high, low))
	}, int64(min), int64(max)}
}

func pareto(min time.Duration, alphaPPM int64, max time.Duration) sampler {
	return sampler{func(b uint64) int64 {
		high, low := bits.Mul64(uint64(tailLog2(b)), 1000000)
		if high >= uint64(alphaPPM) {
			return longestDraw
		}
		exponent, _ := bits.Div64(high, low, uint64(alphaPPM))
		if exponent > 127*one56-1 {
			exponent = 127*one56 - 1
		}
		return scale(int64(min), int64(exponent))
	}, 0, int64(max)}
}

// plus is a + b, at most longestDraw.
func plus(a, b int64) int64 {
	if b > longestDraw-a {
		return longestDraw
	}
	return a + b
}

// scaled is a * x for x in Q56, rounded to the nearest, at most longestDraw. Neither is negative.
func scaled(a, x int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(x))
	low, carry := bits.Add64(low, one56/2, 0)
	high += carry
	if high>>53 != 0 {
		return longestDraw
	}
	return int64(high<<8 | low>>56)
}

// scaledDown is the same with halves rounded down.
func scaledDown(a, x int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(x))
	low, carry := bits.Add64(low, one56/2-1, 0)
	high += carry
	if high>>53 != 0 {
		return longestDraw
	}
	return int64(high<<8 | low>>56)
}

func mulSigned(x, y int64) (high int64, low uint64) {
	h, l := bits.Mul64(uint64(x), uint64(y))
	return int64(h) - x>>63&y - y>>63&x, l
}

// mulShift is x * y >> shift, as if numbers had 128 bits.
func mulShift(x, y int64, shift uint) int64 {
	high, low := mulSigned(x, y)
	return high<<(64-shift) | int64(low>>shift)
}

// exponentOf is a product of two Q56 numbers as one, clipped where a time has long reached its bounds.
func exponentOf(high int64, low uint64) int64 {
	const largest = 127*one56 - 1
	if high > largest>>8 {
		return largest
	}
	if high < -(largest>>8)-1 {
		return -largest
	}
	e := high<<8 | int64(low>>56)
	if e > largest {
		return largest
	}
	if e < -largest {
		return -largest
	}
	return e
}

func times62(x, y uint64) uint64 {
	high, low := bits.Mul64(x, y)
	return high<<2 | low>>62
}

// exp2 is 2^(i/256) in Q62.
var exp2 = func() (table [256]uint64) {
	for i := range table {
		table[i] = one62
	}
	root := uint64(1) << 63
	for bit := 128; bit >= 1; bit /= 2 {
		root = squareRoot(root>>2, root<<62)
		for i := range table {
			if i&bit != 0 {
				table[i] = times62(table[i], root)
			}
		}
	}
	return table
}()

// squareRoot of high * 2^64 + low, rounded down.
func squareRoot(high, low uint64) uint64 {
	root := uint64(0)
	for bit := 63; bit >= 0; bit-- {
		try := root | 1<<uint(bit)
		h, l := bits.Mul64(try, try)
		if h < high || h == high && l <= low {
			root = try
		}
	}
	return root
}

// exp2Fraction is 2^f in Q62 for a fraction f in Q56.
func exp2Fraction(f uint64) uint64 {
	y := times62((f&(1<<48-1))<<6, ln2)
	sum := one62 + y/5
	for k := uint64(4); k >= 1; k-- {
		sum = one62 + times62(y, sum)/k
	}
	return times62(exp2[f>>48], sum)
}

type reciprocal struct{ inverse, log2 uint64 }

var reciprocals = func() (table [128]reciprocal) {
	for i := range table {
		middle := (257 + 2*uint64(i)) << 55
		inverse, _ := bits.Div64(1<<62, 0, middle)
		table[i] = reciprocal{inverse, one62 - log2BySquaring(inverse<<1)}
	}
	return table
}()

// log2BySquaring is log2 of a mantissa in Q63, in Q62, a bit at a time.
func log2BySquaring(m uint64) uint64 {
	result := uint64(0)
	for bit := 61; bit >= 0; bit-- {
		high, low := bits.Mul64(m, m)
		if high>>63 != 0 {
			result |= 1 << uint(bit)
			m = high
		} else {
			m = high<<1 | low>>63
		}
	}
	return result
}

// log2 in Q56 of a positive number.
func log2(x uint64) int64 {
	exponent := 63 - bits.LeadingZeros64(x)
	m := x << uint(63-exponent)
	near := reciprocals[m>>56&127]
	high, _ := bits.Mul64(m, near.inverse)
	z := int64(high) - one62
	sum := int64(one62 / 7)
	for k := int64(6); k >= 1; k-- {
		sum = one62/k - mulShift(z, sum, 62)
	}
	natural := mulShift(z, sum, 62)
	fraction := int64(near.log2) + mulShift(natural, log2e, 62)
	return int64(exponent)*one56 + (fraction+32)>>6
}

// scale is base * 2^exponent, exponent in Q56.
func scale(base, exponent int64) int64 {
	whole := exponent >> 56
	high, low := bits.Mul64(uint64(base), exp2Fraction(uint64(exponent)&(one56-1)))
	shift := 62 - whole
	if shift > 126 || base == 0 {
		return 0
	}
	if shift < 1 {
		return longestDraw
	}
	s := uint(shift - 1)
	if s >= 64 {
		low, high = high>>(s-64), 0
	} else if s > 0 {
		low, high = low>>s|high<<(64-s), high>>s
	}
	low, carry := bits.Add64(low, 1, 0)
	high += carry
	if high != 0 || low>>1 > longestDraw {
		return longestDraw
	}
	return int64(low >> 1)
}

func tailLog2(b uint64) int64 {
	if t := 64*one56 - log2(^b|1); t > 0 {
		return t
	}
	return 0
}

func normalScore(b uint64) int64 {
	upper := b>>63 != 0
	tail := b
	if upper {
		tail = ^b
	}
	t := 64*one56 - log2(tail|1)
	if t < one56 {
		t = one56
	}
	if upper {
		return scoreOfTail(t)
	}
	return -scoreOfTail(t)
}

const (
	stepsPerUnit = 32
	before       = 2
)

func scoreSlope(t, x int64) int64 {
	exponent := mulShift(mulShift(x, x, 56)/2, log2e, 62) - t
	power := exp2Fraction(uint64(exponent) & (one56 - 1))
	return int64(times62(power, ln2Sqrt2Pi) >> uint(6-exponent>>56))
}

// scores is the normal score whose upper tail is 2^-t, at t = 1 - 2/32, ..., 64: its differential equation, followed from the
// far end.
var scores = func() (table [before + 63*stepsPerUnit + 1]int64) {
	const h = one56 / stepsPerUnit / 2
	t, x := int64(64*one56), int64(0x914850bd7f05fd9)
	for step := 2 * (len(table) - 1); step >= 0; step-- {
		if step%2 == 0 {
			table[step/2] = x
		}
		k1 := scoreSlope(t, x)
		k2 := scoreSlope(t-h/2, x-mulShift(h/2, k1, 56))
		k3 := scoreSlope(t-h/2, x-mulShift(h/2, k2, 56))
		k4 := scoreSlope(t-h, x-mulShift(h, k3, 56))
		x -= mulShift(h/6, k1+2*k2+2*k3+k4, 56)
		t -= h
	}
	return table
}()

func scoreOfTail(t int64) int64 {
	const step = one56 / stepsPerUnit
	first := (t - one56) / step
	if first > int64(len(scores))-6 {
		first = int64(len(scores)) - 6
	}
	x := (t-one56-first*step)*stepsPerUnit + before*one56
	var d [6]int64
	copy(d[:], scores[first:])
	for order := 1; order < len(d); order++ {
		for i := len(d) - 1; i >= order; i-- {
			d[i] -= d[i-1]
		}
	}
	sum := d[5]
	for k := int64(5); k >= 1; k-- {
		sum = d[k-1] + mulShift(x-(k-1)*one56, sum, 56)/k
	}
	return sum
}
