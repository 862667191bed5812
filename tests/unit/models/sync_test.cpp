// Locks, wait groups, conds, once, semaphores and timers, on one P and on several.

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/unit/models/lab.hpp"

using namespace gmpsim;
using lab::expect;
using lab::expect_done;
using lab::Op;

// Named, because lambdas of data-driven tests capture its types.
namespace sync_lab {

struct Shared {
  Mutex* m = nullptr;
  RWMutex* rw = nullptr;
  WaitGroup* wg = nullptr;
  Cond* cond = nullptr;
  Once* once = nullptr;
  Semaphore* sem = nullptr;
  Timer* timer = nullptr;
  std::vector<int> order;
  std::vector<Time> times;
  int ran = 0;
  bool stop = false;
};

// ------------------------------------------------------------------ mutex

// Holds the mutex most of the time and takes it again at once: only starvation mode lets anybody else in.
Task<> hogs(Go& go, Shared* s) {
  while (!s->stop) {
    co_await go.lock(s->m);
    co_await go.run(us(100), Preemptible::never);
    co_await go.unlock(s->m);
  }
}
Task<> wants_once(Go& go, Shared* s) {
  co_await go.sleep(us(50));
  const Time since = go.world.now();
  co_await go.lock(s->m);
  s->times.push_back(go.world.now() - since);
  co_await go.unlock(s->m);
  s->stop = true;
}
Task<> stops_hogging(Go& go, Shared* s) {
  co_await go.sleep(ms(20));
  s->stop = true;
}

Duration wait_beside_a_hog(const std::string& starvation, std::uint32_t procs) {
  Shared s;
  expect_done(lab::run({.procs = procs, .switches = {{"mutex.starvation", starvation}}}, [&](World& w) {
    s.m = w.make_mutex();
    spawn(w, hogs, &s);
    spawn(w, wants_once, &s);
    spawn(w, stops_hogging, &s);
  }));
  BOOST_TEST_REQUIRE(s.times.size() == 1u);
  return s.times[0];
}

Task<> misuses(Go& go, Shared* s, int what) {
  switch (what) {
    case 0: co_await go.unlock(s->m); break;
    case 1: co_await go.unlock(s->rw); break;
    case 2: co_await go.runlock(s->rw); break;
    case 3: co_await go.wait(s->cond); break;
    case 4: co_await go.done(s->wg); break;
    default: break;
  }
}

Task<> tries(Go& go, Shared* s) {
  World& w = go.world;
  G& g = *go.g;
  BOOST_TEST(w.mutex_trylock(g, *s->m));
  BOOST_TEST(!w.mutex_trylock(g, *s->m));
  co_await go.unlock(s->m);
  BOOST_TEST(w.mutex_trylock(g, *s->m));
  BOOST_TEST(w.rwmutex_tryrlock(g, *s->rw));
  BOOST_TEST(w.rwmutex_tryrlock(g, *s->rw));
  BOOST_TEST(!w.rwmutex_trylock(g, *s->rw));
  co_await go.runlock(s->rw);
  co_await go.runlock(s->rw);
  BOOST_TEST(w.rwmutex_trylock(g, *s->rw));
  BOOST_TEST(!w.rwmutex_tryrlock(g, *s->rw));
}

// ------------------------------------------------------------------ rwmutex

Task<> reads_at(Go& go, Shared* s, Duration at, Duration hold, int name) {
  co_await go.sleep(at);
  co_await go.rlock(s->rw);
  s->order.push_back(name);
  co_await go.sleep(hold);
  co_await go.runlock(s->rw);
}
Task<> writes_at(Go& go, Shared* s, Duration at, int name) {
  co_await go.sleep(at);
  co_await go.lock(s->rw);
  s->order.push_back(name);
  co_await go.unlock(s->rw);
}

// ------------------------------------------------------------------ cond, once, semaphore

Task<> waits_cond(Go& go, Shared* s, int name) {
  co_await go.sleep(ms(2 * name));
  co_await go.lock(s->m);
  co_await go.wait(s->cond);
  s->order.push_back(name);
  co_await go.unlock(s->m);
}
Task<> signals(Go& go, Shared* s, int n) {
  co_await go.sleep(ms(30));
  for (int i = 0; i < n; ++i) {
    co_await go.signal(s->cond);
    co_await go.sleep(ms(2));
    BOOST_TEST(s->order.size() == static_cast<std::size_t>(i) + 1);
  }
}

Task<> runs_once(Go& go, Shared* s, int name) {
  Once* o = s->once;
  const auto begin = [o](World& w, G& g) { return w.once_begin(g, *o); };
  Op op(go, begin);
  co_await op;
  if (go.world.once_first(*go.g, *o)) {
    ++s->ran;
    co_await go.sleep(ms(5));
    s->order.push_back(-1);  // the function is over
    const auto end = [o](World& w, G& g) { return w.once_done(g, *o); };
    Op finish(go, end);
    co_await finish;
  }
  s->order.push_back(name);
}

Task<> acquires(Go& go, Shared* s, Duration at, std::int64_t n, int name) {
  co_await go.sleep(at);
  Semaphore* sem = s->sem;
  const auto take = [sem, n](World& w, G& g) { return w.sema_acquire(g, *sem, n); };
  Op op(go, take);
  co_await op;
  s->order.push_back(name);
  BOOST_TEST(sem->used <= sem->size);
  co_await go.sleep(ms(10));
  const auto give = [sem, n](World& w, G& g) {
    const char* panic = nullptr;
    const Step step = w.sema_release(g, *sem, n, panic);
    BOOST_TEST(panic == nullptr);
    return step;
  };
  Op release(go, give);
  co_await release;
}

// ------------------------------------------------------------------ timers

Task<> fires(Go& go, Shared* s, int name) {
  s->order.push_back(name);
  s->times.push_back(go.world.now());
  co_return;
}
Task<> stops_a_timer(Go& go, Shared* s, bool early) {
  Timer* t = s->timer;
  co_await go.after(t, ms(5), fires, s, 1);
  co_await go.sleep(early ? ms(2) : ms(9));
  bool was = !early;
  bool* out = &was;
  const auto stop = [t, out](World& w, G& g) { return w.timer_stop(g, *t, *out); };
  Op op(go, stop);
  co_await op;
  BOOST_TEST(was == early);
  co_await go.sleep(ms(9));
}
Task<> postpones_a_timer(Go& go, Shared* s) {
  Timer* t = s->timer;
  co_await go.after(t, ms(5), fires, s, 1);
  co_await go.sleep(ms(2));
  bool was = false;
  bool* out = &was;
  const auto reset = [t, out](World& w, G& g) { return w.timer_reset(g, *t, ms(20), *out); };
  Op op(go, reset);
  co_await op;
  BOOST_TEST(was);
}
Task<> misses_ticks(Go& go, Shared* s) {
  Timer* t = s->timer;
  co_await go.reset(t, ms(2), ms(2));
  co_await go.run(ms(9));  // four ticks come, one is kept
  for (int i = 0; i < 3; ++i) {
    co_await go.recv(t->chan);
    s->times.push_back(go.world.now());
  }
}

}  // namespace sync_lab

using namespace sync_lab;

BOOST_AUTO_TEST_SUITE(synchronisation)

namespace bdata = boost::unit_test::data;

// One waiter beside a goroutine that takes the mutex again as soon as it has let go of it.
BOOST_AUTO_TEST_CASE(starvation_mode_bounds_the_wait_beside_a_hog) {
  BOOST_TEST(wait_beside_a_hog("true", 2) < ms(2));
  BOOST_TEST(wait_beside_a_hog("true", 2) > us(100));
  BOOST_TEST(wait_beside_a_hog("false", 2) > ms(15));
}

BOOST_AUTO_TEST_CASE(misuse_ends_the_run_with_gos_words) {
  const std::pair<End, const char*> words[] = {{End::fatal, "sync: unlock of unlocked mutex"},
                                               {End::fatal, "sync: Unlock of unlocked RWMutex"},
                                               {End::fatal, "sync: RUnlock of unlocked RWMutex"},
                                               {End::fatal, "sync: unlock of unlocked mutex"},
                                               {End::panic, "sync: negative WaitGroup counter"}};
  for (int what = 0; what < 5; ++what) {
    Shared s;
    const Outcome o = lab::run({}, [&](World& w) {
      s.m = w.make_mutex();
      s.rw = w.make_rwmutex();
      s.cond = w.make_cond(s.m);
      s.wg = w.make_wait_group();
      spawn(w, misuses, &s, what);
    });
    expect(o, words[what].first, words[what].second);
  }
}

BOOST_AUTO_TEST_CASE(try_locks_take_what_is_free_and_nothing_else) {
  Shared s;
  expect_done(lab::run({}, [&](World& w) {
    s.m = w.make_mutex();
    s.rw = w.make_rwmutex();
    spawn(w, tries, &s);
  }));
}

BOOST_DATA_TEST_CASE(a_waiting_writer_keeps_new_readers_out, bdata::make({1, 2, 4}), procs) {
  Shared s;
  expect_done(lab::run({.procs = static_cast<std::uint32_t>(procs)}, [&](World& w) {
    s.rw = w.make_rwmutex();
    spawn(w, reads_at, &s, ms(1), ms(20), 1);
    spawn(w, writes_at, &s, ms(5), 2);
    spawn(w, reads_at, &s, ms(9), ms(1), 3);
  }));
  BOOST_TEST(s.order == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(signal_wakes_one_in_order_of_arrival, bdata::make({1, 2, 4}), procs) {
  Shared s;
  expect_done(lab::run({.procs = static_cast<std::uint32_t>(procs)}, [&](World& w) {
    s.m = w.make_mutex();
    s.cond = w.make_cond(s.m);
    for (int i = 1; i <= 4; ++i) spawn(w, waits_cond, &s, i);
    spawn(w, signals, &s, 4);
  }));
  BOOST_TEST(s.order == (std::vector<int>{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(once_runs_once_and_the_others_wait_for_it, bdata::make({1, 2, 4}), procs) {
  Shared s;
  expect_done(lab::run({.procs = static_cast<std::uint32_t>(procs)}, [&](World& w) {
    s.once = w.make_once();
    for (int i = 1; i <= 5; ++i) spawn(w, runs_once, &s, i);
  }));
  BOOST_TEST(s.ran == 1);
  BOOST_TEST_REQUIRE(s.order.size() == 6u);
  BOOST_TEST(s.order.front() == -1);
}

// A request for all of it makes a later, small one wait, although that would fit.
BOOST_DATA_TEST_CASE(a_semaphore_serves_in_order, bdata::make({1, 2, 4}), procs) {
  Shared s;
  expect_done(lab::run({.procs = static_cast<std::uint32_t>(procs)}, [&](World& w) {
    s.sem = w.make_semaphore(3);
    spawn(w, acquires, &s, ms(1), std::int64_t{2}, 1);
    spawn(w, acquires, &s, ms(3), std::int64_t{3}, 2);
    spawn(w, acquires, &s, ms(5), std::int64_t{1}, 3);
  }));
  BOOST_TEST(s.order == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
}

// golang.org/x/sync/semaphore: Acquire of more than there is waits for its context only, in nobody's way.
BOOST_AUTO_TEST_CASE(a_request_for_more_than_there_is_keeps_nobody_back) {
  Shared s;
  const Outcome outcome = lab::run({}, [&](World& w) {
    s.sem = w.make_semaphore(3);
    spawn(w, acquires, &s, ms(1), std::int64_t{4}, 1);
    spawn(w, acquires, &s, ms(3), std::int64_t{3}, 2);
  });
  BOOST_TEST((outcome.end == End::deadlock));
  BOOST_TEST(s.order == (std::vector<int>{2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stopped_timer_does_not_fire) {
  for (const char* structure : {"heap", "wheel"})
    for (const bool early : {true, false}) {
      Shared s;
      expect_done(lab::run({.switches = {{"timers", structure}}}, [&](World& w) {
        s.timer = w.make_timer(false);
        spawn(w, stops_a_timer, &s, early);
      }));
      BOOST_TEST(s.order.size() == (early ? 0u : 1u));
    }
}

BOOST_AUTO_TEST_CASE(a_reset_timer_fires_later) {
  Shared s;
  expect_done(lab::run({}, [&](World& w) {
    s.timer = w.make_timer(false);
    spawn(w, postpones_a_timer, &s);
  }));
  BOOST_TEST_REQUIRE(s.times.size() == 1u);
  BOOST_TEST(s.times[0] >= ms(22));
  BOOST_TEST(s.times[0] < ms(26));
}

BOOST_DATA_TEST_CASE(late_ticks_are_dropped, bdata::make({"heap", "wheel"}), structure) {
  Shared s;
  const Outcome o = lab::run({.switches = {{"timers", structure}}}, [&](World& w) {
    s.timer = w.make_timer(true);
    spawn(w, misses_ticks, &s);
  });
  expect_done(o);
  BOOST_TEST_REQUIRE(s.times.size() == 3u);
  BOOST_TEST(s.times[0] < ms(10));  // the one that was kept, at once
  BOOST_TEST(s.times[1] >= ms(10));
  BOOST_TEST(s.times[2] - s.times[1] >= ms(1));
}

BOOST_AUTO_TEST_SUITE_END()
