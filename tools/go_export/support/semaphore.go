package main

import "sync"

// semaphore is golang.org/x/sync/semaphore.Weighted: first come first served, a request that does not fit makes all
// later ones wait.
type semaphore struct {
	mu      sync.Mutex
	size    int64
	used    int64
	waiters []waiter
}

type waiter struct {
	n     int64
	ready chan struct{}
}

func newSemaphore(size int64) *semaphore { return &semaphore{size: size} }

func (s *semaphore) acquire(n int64) {
	s.mu.Lock()
	if s.size-s.used >= n && len(s.waiters) == 0 {
		s.used += n
		s.mu.Unlock()
		return
	}
	var cancelled chan struct{}
	if n > s.size { // only the end of its context would end that, and it keeps nobody back
		s.mu.Unlock()
		<-cancelled
	}
	ready := make(chan struct{})
	s.waiters = append(s.waiters, waiter{n, ready})
	s.mu.Unlock()
	select {
	case <-cancelled:
	case <-ready:
	}
}

func (s *semaphore) tryAcquire(n int64) bool {
	s.mu.Lock()
	fits := s.size-s.used >= n && len(s.waiters) == 0
	if fits {
		s.used += n
	}
	s.mu.Unlock()
	return fits
}

func (s *semaphore) release(n int64) {
	s.mu.Lock()
	s.used -= n
	if s.used < 0 {
		s.mu.Unlock()
		panic("semaphore: released more than held")
	}
	for len(s.waiters) > 0 && s.size-s.used >= s.waiters[0].n {
		first := s.waiters[0]
		s.waiters = s.waiters[1:]
		s.used += first.n
		close(first.ready)
	}
	s.mu.Unlock()
}
