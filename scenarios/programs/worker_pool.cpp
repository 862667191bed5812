// The worker pool of scenarios/catalogue/worker-pool.json, written in C++: goroutines are coroutines whose first
// parameter is `Go&`, and each operation is one `co_await`. How much do more workers help on four processors?
//
// A world is one simulated process: build it, start goroutines, run it, read the outcome. Nothing is global, and the
// same seed gives the same run, so the table below is the same on every machine.

#include <cstdint>
#include <cstdio>

#include "models/go/goroutine.hpp"

using namespace gmpsim;

namespace {

constexpr std::int64_t kJobs = 240;

struct Pool {
  Chan* jobs;
  Chan* results;
  WaitGroup* working;  // workers that have not ended
  std::int64_t sum = 0;
};

Task<> worker(Go& go, Pool* pool) {
  for (;;) {
    const Received job = co_await go.recv(pool->jobs);
    if (!job.ok) break;  // closed and drained: `for job := range jobs` ends
    const Duration work = us(50) + us(10) * (job.value.bits % 11);
    co_await go.run(work);
    co_await go.send(pool->results, 2 * job.value.bits);
  }
  co_await go.done(pool->working);
}

Task<> feeder(Go& go, Pool* pool) {
  for (std::int64_t i = 0; i < kJobs; ++i) co_await go.send(pool->jobs, i);
  co_await go.close(pool->jobs);
}

Task<> closer(Go& go, Pool* pool) {
  co_await go.wait(pool->working);
  co_await go.close(pool->results);  // nobody can send any more
}

Task<> pool_main(Go& go, Pool* pool, std::int64_t workers) {
  co_await go.add(pool->working, workers);
  for (std::int64_t i = 0; i < workers; ++i) co_await go.start(worker, pool);
  co_await go.start(feeder, pool);
  co_await go.start(closer, pool);
  for (;;) {
    const Received result = co_await go.recv(pool->results);
    if (!result.ok) break;
    pool->sum += result.value.bits;
  }
}

}  // namespace

int main() {
  std::puts("workers   simulated time   threads        sum   fingerprint");
  for (const std::int64_t workers : {1, 2, 3, 4, 8, 16}) {
    SeededChooser chance(1);
    World world(WorldOptions{.procs = 4}, TraceInfo{}, chance);
    Pool pool{world.make_chan(10), world.make_chan(10), world.make_wait_group()};
    spawn(world, pool_main, &pool, workers);
    const Outcome& outcome = world.run();
    if (outcome.end != End::done || pool.sum != kJobs * (kJobs - 1)) return 1;
    std::printf("%7lld %13.3f ms %9u %10lld   %s\n", static_cast<long long>(workers),
                static_cast<double>(outcome.at) / 1e6, world.threads(), static_cast<long long>(pool.sum),
                world.recorder().fingerprint().short_hex().c_str());
  }
}
