package main

import (
	"math/bits"
	"os"
	"strconv"
)

// Random numbers are those of the model: a draw is a pure function of (seed, stream, entity, how-manyeth draw). Another seed:
// GMPSIM_SEED=7 ./program.
// The function is Philox2x64-10 (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

var seed = func() uint64 {
	if n, err := strconv.ParseUint(os.Getenv("GMPSIM_SEED"), 0, 64); err == nil {
		return n
	}
	return scenarioSeed
}()

func philox(c0, c1, key uint64) uint64 {
	for round := 0; round < 10; round++ {
		high, low := bits.Mul64(0xD2B74407B1CE6E93, c0)
		c0, c1 = high^key^c1, low
		key += 0x9E3779B97F4A7C15
	}
	return c0
}

func mix64(a, b uint64) uint64 {
	z := a + 0x9E3779B97F4A7C15*(b+1)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// streamNamed is the number of a stream (FNV-1a, then mixed).
func streamNamed(name string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return mix64(h, uint64(len(name)))
}

// site is a place that draws: its stream, and a number that tells it from others.
type site struct{ stream, number uint64 }

var sites uint64

func newSite(name string) site {
	sites++
	return site{streamNamed(name), sites}
}

// bits is 64 random bits for this goroutine at this place.
func (g *goroutine) bits(s site) uint64 {
	if g.draws == nil {
		g.draws = map[uint64]uint64{}
	}
	n := g.draws[s.number]
	g.draws[s.number] = n + 1
	return philox(mix64(streamNamed(programs[g.program]), g.ordinal), n, mix64(seed, s.stream))
}

// rand is a number from 0 to n-1.
func (g *goroutine) rand(s site, n int64) int64 {
	if n <= 0 {
		fail("rand needs a positive number, but this is %d", n)
	}
	if n == 1 {
		return 0
	}
	high, _ := bits.Mul64(g.bits(s), uint64(n))
	return int64(high)
}

// choose is one of several alternatives, by weight.
func (g *goroutine) choose(s site, weights ...int64) int {
	sum := int64(0)
	for _, w := range weights {
		sum += count(w)
	}
	if sum == 0 {
		fail("all weights are 0")
	}
	pick := g.rand(s, sum)
	n := 0
	for pick >= weights[n] {
		pick -= weights[n]
		n++
	}
	return n
}
