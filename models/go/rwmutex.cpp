// sync.RWMutex (sync/rwmutex.go, 1.19 to 1.27): readers count themselves; a writer announces itself by making the count
// negative and waits for the readers that were there before; readers that come later queue behind it.

#include "models/go/world.hpp"

namespace gmpsim {

Step World::rwmutex_rlock(G& g, RWMutex& m) {
  if (++m.reader_count >= 0) {
    held(g, m.object, true, true);
    return Step::done;
  }
  return run_nested(g, rwmutex_rlock_slow(g, m));
}

Task<> World::rwmutex_rlock_slow(G& g, RWMutex& m) {
  co_await semacquire(g, m.reader_sem, false, WaitReason::rwmutex_rlock, m.object);
  held(g, m.object, true, true);
}

bool World::rwmutex_tryrlock(G& g, RWMutex& m) {
  if (m.reader_count < 0) return false;
  ++m.reader_count;
  held(g, m.object, true, true);
  return true;
}

Step World::rwmutex_runlock(G& g, RWMutex& m, const char*& fatal) {
  fatal = nullptr;
  const std::int64_t r = --m.reader_count;
  if (r >= 0) {
    held(g, m.object, false, true);
    return Step::done;
  }
  if (r + 1 == 0 || r + 1 == -RWMutex::kMaxReaders) {
    fatal = "sync: RUnlock of unlocked RWMutex";
    return Step::done;
  }
  held(g, m.object, false, true);
  if (--m.reader_wait != 0) return Step::done;  // a writer is pending and this was not the last reader it waits for
  return run_nested(g, semrelease(g, m.writer_sem, false));
}

Step World::rwmutex_lock(G& g, RWMutex& m) {
  // w is free and nobody reads: the whole of Lock without waiting.
  if (m.reader_count == 0 && m.w.take()) {
    m.reader_count -= RWMutex::kMaxReaders;
    held(g, m.object, true, false);
    return Step::done;
  }
  return run_nested(g, rwmutex_lock_slow(g, m));
}

Task<> World::rwmutex_lock_slow(G& g, RWMutex& m) {
  if (!m.w.take()) co_await mutex_lock_slow(g, m.w);
  const std::int64_t readers = m.reader_count;
  m.reader_count -= RWMutex::kMaxReaders;
  if (readers != 0) {
    m.reader_wait += readers;
    if (m.reader_wait != 0) co_await semacquire(g, m.writer_sem, false, WaitReason::rwmutex_lock, m.object);
  }
  held(g, m.object, true, false);
}

bool World::rwmutex_trylock(G& g, RWMutex& m) {
  if (m.w.locked || m.w.starving || m.reader_count != 0) return false;
  m.w.locked = true;
  m.reader_count -= RWMutex::kMaxReaders;
  held(g, m.object, true, false);
  return true;
}

Step World::rwmutex_unlock(G& g, RWMutex& m, const char*& fatal) {
  fatal = nullptr;
  m.reader_count += RWMutex::kMaxReaders;
  if (m.reader_count >= RWMutex::kMaxReaders) {
    fatal = "sync: Unlock of unlocked RWMutex";
    return Step::done;
  }
  held(g, m.object, false, false);
  const char* never = nullptr;
  if (m.reader_count == 0) return mutex_unlock(g, m.w, never);
  return run_nested(g, rwmutex_unlock_slow(g, m, m.reader_count));
}

// All readers that queued so far run before the next writer.
Task<> World::rwmutex_unlock_slow(G& g, RWMutex& m, std::int64_t readers) {
  for (std::int64_t i = 0; i < readers; ++i) co_await semrelease(g, m.reader_sem, false);
  co_await mutex_unlock_nested(g, m.w);
}

/// Unlock of a mutex that is held, as a part of another operation.
Task<> World::mutex_unlock_nested(G& g, Mutex& m) {
  m.locked = false;
  if (m.object != 0) held(g, m.object, false, false);
  if (!m.starving && (m.waiters == 0 || m.woken)) co_return;
  if (!m.starving) {
    --m.waiters;
    m.woken = true;
  }
  co_await semrelease(g, m.sema, m.starving);
}

RWMutex* World::make_rwmutex(std::uint32_t object) {
  rwmutexes_.emplace_back();
  rwmutexes_.back().object = rwmutexes_.back().w.waits_as = dynamic(ObjectKind::rwmutex, object);
  return &rwmutexes_.back();
}

}  // namespace gmpsim
