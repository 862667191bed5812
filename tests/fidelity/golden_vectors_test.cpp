// Orders of execution that real Go has on one P (runs of 1.19.8, 1.26.8 and 1.27): the rules of runnext, of the ring
// and its overflow, of close, broadcast, semaphores, timers and the poller, each in a program of a few lines.
//
// "driver" is main. Waiters are started one by one with a yield after each, so that they arrive in order of their
// numbers; at the end the driver blocks for ever, and the run ends in a deadlock.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "models/go/goroutine.hpp"
#include "sim/chooser.hpp"

using namespace gmpsim;

namespace {

/// What the goroutines of one program share.
struct Lab {
  std::vector<int> order;
  Chan* c = nullptr;
  Chan* c2 = nullptr;
  Mutex* m = nullptr;
  RWMutex* rw = nullptr;
  WaitGroup* wg = nullptr;
  Cond* cond = nullptr;
  Timer* timer[5] = {};
  std::deque<PollDesc> pipes;
  std::uint32_t tick = 0;
  void log(int v) { order.push_back(v); }
};

class Select final : public Go::Operation<Select> {
 public:
  Select(Go& go, std::vector<World::SelectCase> cases)
      : Operation(go, go.world.cost(Cost::select)), cases_(std::move(cases)) {}
  Step start() { return go_.world.select(*go_.g, cases_.data(), cases_.size(), false, site_); }
  World::Selected finish() { return go_.world.select_finish(*go_.g); }

 private:
  std::vector<World::SelectCase> cases_;
  Site site_{};
};

Task<> block(Go& go, Lab* lab) {
  co_await go.add(lab->wg, 1);
  co_await go.wait(lab->wg);
}

using Driver = Task<> (*)(Go&, Lab*);

struct Run {
  std::vector<int> order;
  Outcome outcome;
  std::uint32_t tick = 0;
};

Task<> writes_pipes(Go& go, Lab* lab);

Run run(Driver driver, const std::string& preset, std::uint32_t system_goroutines = 0, std::uint32_t tick = 4) {
  WorldOptions options;
  BOOST_TEST_REQUIRE(apply_preset(preset, options.settings));
  options.system_goroutines = system_goroutines;
  options.boot_schedtick = tick;
  SeededChooser chooser(1);
  Lab lab;
  World world(options, {}, chooser);
  lab.c = world.make_chan(0);
  lab.c2 = world.make_chan(0);
  lab.m = world.make_mutex();
  lab.rw = world.make_rwmutex();
  lab.wg = world.make_wait_group();
  lab.cond = world.make_cond(world.make_mutex());
  for (Timer*& t : lab.timer) t = world.make_timer(false);
  lab.pipes.resize(4);
  spawn(world, driver, &lab);
  Run result;
  result.outcome = world.run();
  result.order = lab.order;
  result.tick = lab.tick;
  // Until 1.21 a process that has once waited for the network hangs where later versions report a deadlock.
  const bool hangs = driver == writes_pipes && !options.settings.netpoll_counts_ready;
  BOOST_TEST((result.outcome.end == (hangs ? End::limit : End::deadlock)), "ended with: " << result.outcome.message);
  return result;
}

const char* const kPresets[] = {"go1.19", "go1.26"};

void expect(Driver driver, const std::string& preset, const std::vector<int>& order) {
  const Run r = run(driver, preset);
  BOOST_TEST(r.order == order, boost::test_tools::per_element());
}

void append(std::vector<int>& to, int from, int through) {
  for (int i = from; i <= through; ++i) to.push_back(i);
}

// ------------------------------------------------------------------ goroutines

Task<> logs(Go&, Lab* lab, int i) {
  lab->log(i);
  co_return;
}
Task<> receives(Go& go, Lab* lab, int i) {
  co_await go.recv(lab->c);
  lab->log(i);
}
Task<> locks_cond(Go& go, Lab* lab, int i) {
  co_await go.lock(lab->cond->m);
  co_await go.wait(lab->cond);
  lab->log(i);
  co_await go.unlock(lab->cond->m);
}
Task<> waits_group(Go& go, Lab* lab, int i) {
  co_await go.wait(lab->wg);
  lab->log(i);
}
Task<> reads(Go& go, Lab* lab, int i) {
  co_await go.rlock(lab->rw);
  lab->log(i);
  co_await go.runlock(lab->rw);
}
Task<> writes(Go& go, Lab* lab, int i) {
  co_await go.lock(lab->rw);
  lab->log(i);
  co_await go.unlock(lab->rw);
}
Task<> locks(Go& go, Lab* lab, int i) {
  co_await go.lock(lab->m);
  lab->log(i);
  co_await go.unlock(lab->m);
}
Task<> yields_once(Go& go, Lab* lab, int i) {
  lab->log(i);
  co_await go.yield();
  lab->log(i + 10);
}
Task<> receives_thrice(Go& go, Lab* lab) {
  for (int i = 0; i < 3; ++i) {
    const Received v = co_await go.recv(lab->c);
    lab->log(static_cast<int>(v.value.bits));
  }
}
Task<> sleeps(Go& go, Lab* lab, int i) {
  co_await go.sleep(ms(5));
  lab->log(i);
}
Task<> reads_pipe(Go& go, Lab* lab, int i) {
  PollDesc* d = &lab->pipes[static_cast<std::size_t>(i)];
  co_await go.io_wait(d);
  lab->log(i);
}
Task<> sends(Go& go, Lab* lab, int i) {
  bool panicked = false;
  try {
    co_await go.send(lab->c, i);
  } catch (const GoPanic& p) {
    panicked = p.message == "send on closed channel";
  }
  lab->log(panicked ? 100 + i : i);
}
Task<> selects(Go& go, Lab* lab, int i) {
  std::vector<World::SelectCase> cases{{lab->c, false, {}}, {lab->c2, false, {}}};
  Select select(go, cases);
  const World::Selected got = co_await select;
  lab->log(10 * (got.index + 1) + i);  // case 1 or 2, waiter i
}
Task<> receives_timer(Go& go, Lab* lab, Timer* t, int i) {
  co_await go.recv(t->chan);
  lab->log(i);
}

// ------------------------------------------------------------------ drivers

template <Task<> (*kWaiter)(Go&, Lab*, int)>
Task<> start_waiters(Go& go, Lab* lab, int n) {
  for (int i = 0; i < n; ++i) {
    co_await go.start(kWaiter, lab, i);
    co_await go.yield();
  }
}

Task<> starts_six(Go& go, Lab* lab) {
  for (int i = 0; i < 6; ++i) co_await go.start(logs, lab, i);
  co_await block(go, lab);
}
Task<> closes_on_receivers(Go& go, Lab* lab) {
  co_await start_waiters<receives>(go, lab, 5);
  co_await go.close(lab->c);
  co_await block(go, lab);
}
Task<> broadcasts(Go& go, Lab* lab) {
  co_await start_waiters<locks_cond>(go, lab, 5);
  co_await go.broadcast(lab->cond);
  co_await block(go, lab);
}
Task<> finishes_group(Go& go, Lab* lab) {
  co_await go.add(lab->wg, 1);
  co_await start_waiters<waits_group>(go, lab, 5);
  co_await go.done(lab->wg);
  co_await go.recv(nullptr);
}
Task<> lets_readers_in(Go& go, Lab* lab) {
  co_await go.lock(lab->rw);
  co_await start_waiters<reads>(go, lab, 5);
  co_await go.unlock(lab->rw);
  co_await block(go, lab);
}
Task<> unlocks_for_waiters(Go& go, Lab* lab) {
  co_await go.lock(lab->m);
  co_await start_waiters<locks>(go, lab, 5);
  co_await go.unlock(lab->m);
  co_await block(go, lab);
}
Task<> yields_among_yielders(Go& go, Lab* lab) {
  for (int i = 0; i < 3; ++i) co_await go.start(yields_once, lab, i);
  co_await go.yield();
  lab->log(99);
  co_await block(go, lab);
}
Task<> sends_into_buffer(Go& go, Lab* lab) {
  lab->c = go.world.make_chan(4);
  co_await start_waiters<receives>(go, lab, 4);
  for (int i = 0; i < 4; ++i) co_await go.send(lab->c, i);
  co_await block(go, lab);
}
Task<> sends_thrice(Go& go, Lab* lab) {
  co_await go.start(receives_thrice, lab);
  co_await go.yield();
  for (int v = 0; v < 3; ++v) {
    co_await go.send(lab->c, v);
    lab->log(100 + v);
  }
  co_await block(go, lab);
}
Task<> starts_300(Go& go, Lab* lab) {
  for (int i = 0; i < 300; ++i) co_await go.start(logs, lab, i);
  co_await block(go, lab);
}
Task<> arms_five_timers(Go& go, Lab* lab) {
  for (int i = 0; i < 5; ++i) co_await go.after(lab->timer[i], ms(5), logs, lab, i);
  co_await go.run(ms(6));
  co_await block(go, lab);
}
Task<> lets_sleepers_come_due(Go& go, Lab* lab) {
  co_await start_waiters<sleeps>(go, lab, 5);
  co_await go.run(ms(6));
  co_await block(go, lab);
}
Task<> sends_then_starts(Go& go, Lab* lab) {
  co_await go.start(receives, lab, 1);
  co_await go.yield();
  co_await go.send(lab->c, 0);
  co_await go.start(logs, lab, 2);
  co_await block(go, lab);
}
Task<> writes_pipes(Go& go, Lab* lab) {
  co_await start_waiters<reads_pipe>(go, lab, 4);
  for (PollDesc& d : lab->pipes) go.world.io_ready(d);
  co_await block(go, lab);
}
Task<> unlocks_for_a_mixed_queue(Go& go, Lab* lab) {
  co_await go.lock(lab->rw);
  co_await start_waiters<reads>(go, lab, 2);
  co_await go.start(writes, lab, 12);
  co_await go.yield();
  co_await go.start(reads, lab, 2);
  co_await go.yield();
  co_await go.unlock(lab->rw);
  co_await block(go, lab);
}
Task<> lets_waiters_starve(Go& go, Lab* lab) {
  co_await go.lock(lab->m);
  for (int i = 0; i < 2; ++i) {
    co_await go.start(locks, lab, i);
    co_await go.sleep(ms(3));  // no yield: at a tick of 0 it would come back before the waiter has run
  }
  co_await go.unlock(lab->m);
  co_await go.lock(lab->m);
  lab->log(11);
  lab->tick = go.world.proc(0).schedtick;
  co_await go.yield();
  lab->log(12);
  co_await go.unlock(lab->m);
  lab->log(13);
  co_await block(go, lab);
}
Task<> closes_on_senders(Go& go, Lab* lab) {
  co_await start_waiters<sends>(go, lab, 3);
  co_await go.close(lab->c);
  co_await block(go, lab);
}
Task<> drains_full_channel(Go& go, Lab* lab) {
  lab->c = go.world.make_chan(1);
  co_await go.send(lab->c, 0);
  for (int i = 1; i <= 3; ++i) {
    co_await go.start(sends, lab, i);
    co_await go.yield();
  }
  for (int i = 0; i < 4; ++i) {
    const Received r = co_await go.recv(lab->c);
    lab->log(10 + static_cast<int>(r.value.bits));
  }
  co_await block(go, lab);
}
Task<> sends_to_selects(Go& go, Lab* lab) {
  co_await start_waiters<selects>(go, lab, 3);
  co_await go.send(lab->c, 0);
  co_await go.send(lab->c2, 0);
  co_await go.send(lab->c, 0);
  co_await block(go, lab);
}
Task<> mixes_timers(Go& go, Lab* lab) {
  co_await go.start(sleeps, lab, 1);
  co_await go.yield();
  co_await go.after(lab->timer[0], ms(5), logs, lab, 2);
  Timer* t = go.world.make_timer(true);
  co_await go.reset(t, ms(5));
  co_await go.start(receives_timer, lab, t, 3);
  co_await go.yield();
  co_await go.run(ms(6));
  co_await block(go, lab);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_vectors)

namespace bdata = boost::unit_test::data;

BOOST_DATA_TEST_CASE(v01_the_last_started_runs_first, bdata::make(kPresets), preset) {
  expect(starts_six, preset, {5, 0, 1, 2, 3, 4});
}
BOOST_DATA_TEST_CASE(v02_close_wakes_receivers_in_reverse, bdata::make(kPresets), preset) {
  expect(closes_on_receivers, preset, {0, 4, 3, 2, 1});
}
BOOST_DATA_TEST_CASE(v03_broadcast_wakes_in_order_and_the_last_is_in_runnext, bdata::make(kPresets), preset) {
  expect(broadcasts, preset, {4, 0, 1, 2, 3});
}
BOOST_DATA_TEST_CASE(v04_wait_group_wakes_in_order, bdata::make(kPresets), preset) {
  expect(finishes_group, preset, {4, 0, 1, 2, 3});
}
BOOST_DATA_TEST_CASE(v05_readers_behind_a_writer, bdata::make(kPresets), preset) {
  expect(lets_readers_in, preset, {4, 0, 1, 2, 3});
}
BOOST_DATA_TEST_CASE(v06_lock_waiters_each_wake_the_next, bdata::make(kPresets), preset) {
  expect(unlocks_for_waiters, preset, {0, 1, 2, 3, 4});
}
BOOST_DATA_TEST_CASE(v07_gosched_goes_behind_everything_local, bdata::make(kPresets), preset) {
  expect(yields_among_yielders, preset, {2, 0, 1, 99, 12, 10, 11});
}
BOOST_DATA_TEST_CASE(v08_waiting_receivers_are_served_directly, bdata::make(kPresets), preset) {
  expect(sends_into_buffer, preset, {3, 0, 1, 2});
}
BOOST_DATA_TEST_CASE(v09_a_sender_keeps_running, bdata::make(kPresets), preset) {
  expect(sends_thrice, preset, {100, 0, 1, 101, 102, 2});
}

// After 257 starts the ring is full; number 257 kicks 256 out and takes the oldest half along to the global queue.
BOOST_DATA_TEST_CASE(v10_overflow_of_the_ring_and_early_pulls, bdata::make(kPresets) * bdata::xrange(4u, 65u), preset,
                     tick) {
  const Run r = run(starts_300, preset, 0, tick);
  std::vector<int> ring, global, want;
  append(ring, 128, 255);
  append(ring, 257, 298);
  append(global, 0, 127);
  global.push_back(256);
  // 299 is in runnext and shares the slice of the driver; each of the others is a tick, and at ticks divisible by 61
  // the global queue goes first, before runnext too.
  std::uint32_t now = tick;
  std::size_t pulled = 0, next = 0;
  bool runnext = true;
  while (runnext || next < ring.size()) {
    if (now % 61 == 0) {
      want.push_back(global[pulled++]);
      ++now;
    } else if (std::exchange(runnext, false)) {
      want.push_back(299);
    } else {
      want.push_back(ring[next++]);
      ++now;
    }
  }
  for (; pulled < global.size(); ++pulled) want.push_back(global[pulled]);
  BOOST_TEST(r.order == want, boost::test_tools::per_element());
}
BOOST_DATA_TEST_CASE(v10_positions_seen_on_real_go, bdata::make(kPresets) * bdata::xrange(5u, 9u), preset, tick) {
  const Run r = run(starts_300, preset, 0, tick);
  const auto position = std::find(r.order.begin(), r.order.end(), 0) - r.order.begin();
  BOOST_TEST(position >= 54);  // 53 to 56 behind 299
  BOOST_TEST(position <= 57);
  BOOST_TEST(r.order[static_cast<std::size_t>(position) + 61] == 1);
}

BOOST_DATA_TEST_CASE(v11_timers_due_in_one_pass, bdata::make(kPresets), preset) {
  expect(arms_five_timers, preset, {4, 0, 1, 2, 3});
}
BOOST_DATA_TEST_CASE(v12_sleepers_due_in_one_pass, bdata::make(kPresets), preset) {
  expect(lets_sleepers_come_due, preset, {4, 0, 1, 2, 3});
}
BOOST_DATA_TEST_CASE(v13_a_start_displaces_a_woken_receiver, bdata::make(kPresets), preset) {
  expect(sends_then_starts, preset, {2, 1});
}

BOOST_DATA_TEST_CASE(v14_overflow_with_one_system_goroutine, bdata::make(kPresets), preset) {
  std::vector<int> want{299};
  append(want, 127, 243);
  want.push_back(0);
  append(want, 244, 254);
  append(want, 256, 298);
  append(want, 1, 126);
  want.push_back(255);
  const Run r = run(starts_300, preset, 1);
  BOOST_TEST(r.order == want, boost::test_tools::per_element());
}
BOOST_AUTO_TEST_CASE(v15_overflow_with_two_system_goroutines) {
  std::vector<int> want{299};
  append(want, 126, 253);
  append(want, 255, 298);
  append(want, 0, 125);
  want.push_back(254);
  const Run r = run(starts_300, "go1.26", 2);
  BOOST_TEST(r.order == want, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(v16_the_poller_lists_in_reverse, bdata::make(kPresets), preset) {
  expect(writes_pipes, preset, {3, 2, 1, 0});
}
// Unlock readies the readers and then the writer, which displaces reader 2 from runnext, runs first and waits for them.
BOOST_DATA_TEST_CASE(v17_all_readers_before_the_next_writer, bdata::make(kPresets), preset) {
  expect(unlocks_for_a_mixed_queue, preset, {0, 1, 2, 12});
}

// The waiters starve (more than 1 ms), so the mutex is handed over at the second Unlock, unless the driver is fetched
// from the global queue at once because the tick is 0: then no waiter has run and found out that it starves.
BOOST_DATA_TEST_CASE(v18_starving_mutex_is_handed_over, bdata::make(kPresets), preset) {
  int at_once = 0;
  for (std::uint32_t tick = 4; tick < 65; ++tick) {
    const Run r = run(lets_waiters_starve, preset, 0, tick);
    const std::vector<int> handed{11, 12, 0, 1, 13};
    const std::vector<int> fetched{11, 12, 13, 0, 1};
    BOOST_TEST_CONTEXT("starting at tick " << tick << ", yielding at " << r.tick) {
      BOOST_TEST(r.order == (r.tick % 61 == 0 ? fetched : handed), boost::test_tools::per_element());
    }
    if (r.tick % 61 == 0) ++at_once;
  }
  BOOST_TEST(at_once == 1);
}

BOOST_DATA_TEST_CASE(v19_senders_of_a_closed_channel_panic, bdata::make(kPresets), preset) {
  expect(closes_on_senders, preset, {100, 102, 101});
}
BOOST_DATA_TEST_CASE(v20_a_full_channel_takes_from_its_senders, bdata::make(kPresets), preset) {
  expect(drains_full_channel, preset, {10, 11, 12, 13, 3, 1, 2});
}
BOOST_DATA_TEST_CASE(v21_selects_on_two_channels, bdata::make(kPresets), preset) {
  expect(sends_to_selects, preset, {12, 10, 21});
}
BOOST_DATA_TEST_CASE(v22_three_kinds_of_timers_in_one_pass, bdata::make(kPresets), preset) {
  expect(mixes_timers, preset, {3, 1, 2});
}

BOOST_AUTO_TEST_SUITE_END()
