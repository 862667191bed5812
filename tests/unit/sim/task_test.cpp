// Tasks: lazy, nested without native stack, owned by whoever holds them, and their frames all come back.

#include "sim/task.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gmpsim {
namespace {

struct World {
  FramePool pool;
  std::vector<std::string> log;
  int alive = 0;
  FramePool& frames() { return pool; }
};

/// Counts itself: shows when the locals of a coroutine die.
struct Local {
  World& world;
  explicit Local(World& w) : world(w) { ++world.alive; }
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;
  ~Local() { --world.alive; }
};

Task<int> immediate(World&, int value) { co_return value; }

Task<> note(World& w, std::string text) {
  w.log.push_back(std::move(text));
  co_return;
}

Task<> wait_once(World& w, const char* name) {
  const Local local(w);
  w.log.push_back(std::string(name) + " waits");
  co_await Suspend{};
  w.log.push_back(std::string(name) + " goes on");
}

Task<> outer(World& w) {
  const Local local(w);
  Task<> first = wait_once(w, "first");
  co_await std::move(first);
  Task<> second = wait_once(w, "second");
  co_await std::move(second);
  w.log.push_back("end");
}

Task<long> sum_of(World& w, long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i) {
    Task<int> one = immediate(w, 1);
    const int value = co_await std::move(one);
    sum += value;
  }
  co_return sum;
}

Task<long> nested(World& w, long depth) {
  if (depth == 0) co_return 0;
  Task<long> inner = nested(w, depth - 1);
  const long below = co_await std::move(inner);
  co_return below + 1;
}

Task<> keep(World& w, Task<long> (*make)(World&, long), long n, long& result) {
  Task<long> task = make(w, n);
  result = co_await std::move(task);
}

Task<> fail(World& w) {
  const Local local(w);
  throw std::runtime_error("broken");
  co_return;
}

Task<> fails_below(World& w) {
  const Local local(w);
  Task<> task = fail(w);
  co_await std::move(task);
  w.log.push_back("never");
}

struct WithFrames {
  World& world;
  FramePool& frames() { return world.pool; }
  int value = 42;
  Task<> member(int& out) {
    Task<int> task = immediate(world, value);
    out = co_await std::move(task);
  }
};

BOOST_AUTO_TEST_SUITE(task_suite)

BOOST_AUTO_TEST_CASE(a_task_does_nothing_before_it_is_driven) {
  World w;
  RunCursor cursor;
  Task<> task = note(w, "hello");
  BOOST_TEST(w.log.empty());
  task.start_on(cursor);
  BOOST_TEST(w.log.empty());
  drive(cursor);
  BOOST_TEST(w.log.size() == 1u);
  BOOST_TEST(task.done());
}

BOOST_AUTO_TEST_CASE(a_suspended_chain_goes_on_at_its_innermost_task) {
  World w;
  {
    RunCursor cursor;
    Task<> task = outer(w);
    task.start_on(cursor);
    drive(cursor);
    BOOST_TEST((w.log == std::vector<std::string>{"first waits"}));
    BOOST_TEST(w.alive == 2);
    resume(cursor);
    BOOST_TEST((w.log == std::vector<std::string>{"first waits", "first goes on", "second waits"}));
    resume(cursor);
    BOOST_TEST(w.log.back() == "end");
    BOOST_TEST(task.done());
  }
  BOOST_TEST(w.alive == 0);
  BOOST_TEST(w.pool.bytes_in_use() == 0u);
}

BOOST_AUTO_TEST_CASE(destroying_a_suspended_chain_frees_every_frame_and_local) {
  World w;
  {
    RunCursor cursor;
    Task<> task = outer(w);
    task.start_on(cursor);
    drive(cursor);
    BOOST_TEST(w.alive == 2);
    BOOST_TEST(w.pool.bytes_in_use() > 0u);
  }
  BOOST_TEST(w.alive == 0);
  BOOST_TEST(w.pool.bytes_in_use() == 0u);
  BOOST_TEST((w.log == std::vector<std::string>{"first waits"}));
}

BOOST_AUTO_TEST_CASE(a_million_awaits_that_never_suspend_need_no_stack) {
  World w;
  RunCursor cursor;
  long result = 0;
  Task<> task = keep(w, &sum_of, 1'000'000, result);
  task.start_on(cursor);
  drive(cursor);
  BOOST_TEST(result == 1'000'000);
  BOOST_TEST(w.pool.bytes_reserved() == FramePool::kSlab);  // frames of finished tasks are used again
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_nested_tasks_need_no_stack_to_run_or_return) {
  World w;
  RunCursor cursor;
  long result = 0;
  {
    Task<> task = keep(w, &nested, 100'000, result);
    task.start_on(cursor);
    drive(cursor);
    BOOST_TEST(result == 100'000);
  }
  BOOST_TEST(w.pool.bytes_in_use() == 0u);
}

BOOST_AUTO_TEST_CASE(an_exception_passes_through_to_whoever_drives) {
  World w;
  {
    RunCursor cursor;
    Task<> task = fails_below(w);
    task.start_on(cursor);
    BOOST_CHECK_THROW(drive(cursor), std::runtime_error);
  }
  BOOST_TEST(w.log.empty());
  BOOST_TEST(w.alive == 0);
  BOOST_TEST(w.pool.bytes_in_use() == 0u);
}

BOOST_AUTO_TEST_CASE(tasks_move_and_a_moved_from_task_is_empty) {
  World w;
  Task<> a = note(w, "a");
  Task<> b = std::move(a);
  BOOST_TEST(!static_cast<bool>(a));
  BOOST_TEST(static_cast<bool>(b));
  b = note(w, "b");  // the old frame goes
  RunCursor cursor;
  b.start_on(cursor);
  drive(cursor);
  BOOST_TEST((w.log == std::vector<std::string>{"b"}));
}

BOOST_AUTO_TEST_CASE(a_member_function_takes_its_pool_from_the_object) {
  World w;
  WithFrames object{w};
  RunCursor cursor;
  int out = 0;
  Task<> task = object.member(out);  // (clang may place this frame on the stack: nothing to ask the pool about)
  task.start_on(cursor);
  drive(cursor);
  BOOST_TEST(out == 42);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
