package main

var garbage []byte

// allocate makes garbage, and with keep bytes that live until the goroutine ends.
func (g *goroutine) allocate(size, keep int64) {
	garbage = make([]byte, count(size))
	if keep > 0 {
		g.kept = append(g.kept, make([]byte, keep))
	}
}
