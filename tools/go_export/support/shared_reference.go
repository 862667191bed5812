package main

import "sync/atomic"

// shared is a shared variable that holds a reference.
type shared[T any] struct{ held atomic.Value }

type box[T any] struct{ value T }

func (s *shared[T]) load() T {
	b, _ := s.held.Load().(box[T])
	return b.value
}

func (s *shared[T]) store(v T) { s.held.Store(box[T]{v}) }
