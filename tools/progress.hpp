#pragma once
// How far a long piece of work has come: on stderr, and only where somebody looks. A bar on a terminal, from half a
// second on; with --progress=plain one line every 30 s; nothing with --quiet. Never on stdout, never part of a
// result.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "tools/context.hpp"

namespace gmpsim {

class Progress {
 public:
  Progress(Context& context, std::string what, std::size_t total);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// From any thread.
  void done_one(bool finding = false) {
    done_.fetch_add(1, std::memory_order_relaxed);
    if (finding) findings_.fetch_add(1, std::memory_order_relaxed);
  }
  void found() { findings_.fetch_add(1, std::memory_order_relaxed); }
  /// Instead of done/total: what to say. Called from the thread that waits.
  void tell(std::function<std::string()> how_far) { how_far_ = std::move(how_far); }
  /// From the thread that waits for the work, every now and then.
  void tick();
  /// Takes the bar away.
  void finish();

  [[nodiscard]] bool visible() const { return mode_ != Mode::none; }
  [[nodiscard]] static constexpr std::chrono::milliseconds pause() { return std::chrono::milliseconds(100); }

 private:
  enum class Mode : std::uint8_t { none, bar, plain };
  [[nodiscard]] std::string line() const;

  Context& context_;
  std::string what_;
  std::size_t total_;
  std::function<std::string()> how_far_;
  Mode mode_ = Mode::none;
  std::atomic<std::size_t> done_{0};
  std::atomic<std::size_t> findings_{0};
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point next_;
  bool drawn_ = false;
};

}  // namespace gmpsim
