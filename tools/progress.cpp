#include "tools/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gmpsim {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kQuietStart = std::chrono::milliseconds(500);
constexpr auto kPlainEvery = std::chrono::seconds(30);
constexpr std::size_t kBar = 20;

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

Progress::Progress(Context& context, std::string what, std::size_t total)
    : context_(context), what_(std::move(what)), total_(total), start_(Clock::now()) {
  const std::string& wish = context.options.progress;
  if (!context.options.quiet && wish == "plain") mode_ = Mode::plain;
  if (!context.options.quiet && wish == "auto" && context.env.err_is_terminal && context.env.variable("TERM") != "dumb")
    mode_ = Mode::bar;
  next_ = start_ + (mode_ == Mode::plain ? Clock::duration(kPlainEvery) : Clock::duration(kQuietStart));
}

std::string Progress::line() const {
  const std::size_t done = done_.load(std::memory_order_relaxed);
  const std::size_t findings = findings_.load(std::memory_order_relaxed);
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  std::string text = what_ + " ";
  if (how_far_) return text + how_far_();
  if (mode_ == Mode::bar) {
    const std::size_t filled = total_ == 0 ? 0 : std::min(kBar, done * kBar / total_);
    text += "[" + std::string(filled, '#') + std::string(kBar - filled, '-') + "] ";
  }
  text += fmt::format("{}/{}", done, total_);
  if (seconds > 0 && done > 0) {
    const double rate = static_cast<double>(done) / seconds;
    text += fmt::format("  {:.{}f}/s", rate, rate < 10 ? 1 : 0);
    if (done < total_) text += "  ETA " + clock_text(static_cast<double>(total_ - done) / rate);
  }
  if (findings > 0) text += fmt::format("  {} finding{}", findings, findings == 1 ? "" : "s");
  return text;
}

void Progress::tick() {
  if (mode_ == Mode::none || Clock::now() < next_) return;
  if (mode_ == Mode::plain) {
    context_.err() << line() << '\n' << std::flush;
    next_ += kPlainEvery;
    return;
  }
  context_.err() << '\r' << line() << "\033[K" << std::flush;
  drawn_ = true;
  next_ = Clock::now() + pause();
}

void Progress::finish() {
  if (drawn_) context_.err() << "\r\033[K" << std::flush;
  drawn_ = false;
  mode_ = Mode::none;
}

}  // namespace gmpsim
