#include "tools/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace gmpsim {
namespace {

volatile std::sig_atomic_t interrupts = 0;
int guards = 0;

// The default action comes back with the first signal, so the second one ends the process.
void on_interrupt(int) {
  interrupts = 1;
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  if (guards++ == 0) {
    interrupts = 0;
    std::signal(SIGINT, on_interrupt);
  }
}
InterruptGuard::~InterruptGuard() {
  if (--guards == 0) std::signal(SIGINT, SIG_DFL);
}
bool InterruptGuard::interrupted() { return interrupts != 0; }

bool for_each_index(std::size_t n, unsigned threads, Progress& progress, const std::function<void(std::size_t)>& work) {
  // One piece of work has nothing to show before it is complete: there Ctrl-C does what it always does.
  std::optional<InterruptGuard> guard;
  if (n > 1) guard.emplace();
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable all_left;
  std::size_t left = 0;
  std::size_t failed_at = n;
  std::exception_ptr failure;

  const auto worker = [&] {
    while (!stop && !(guard && InterruptGuard::interrupted())) {
      const std::size_t i = next++;
      if (i >= n) break;
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < failed_at) failed_at = i, failure = std::current_exception();
        stop = true;
      }
      progress.done_one();
    }
    const std::lock_guard lock(mutex);
    ++left;
    all_left.notify_one();
  };
  {
    const std::size_t count = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(n, 1));
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < count; ++i) pool.emplace_back(worker);
    std::unique_lock lock(mutex);
    while (!all_left.wait_for(lock, Progress::pause(), [&] { return left == count; })) progress.tick();
  }
  if (failure) std::rethrow_exception(failure);
  return !(guard && InterruptGuard::interrupted());
}

}  // namespace gmpsim
