#include "sim/recorder.hpp"

namespace gmpsim {

std::string Fingerprint::hex() const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(32, '0');
  for (int i = 0; i < 16; ++i) {
    text[15 - i] = digits[hi >> (4 * i) & 15];
    text[31 - i] = digits[lo >> (4 * i) & 15];
  }
  return text;
}

std::string Fingerprint::short_hex() const { return hex().substr(0, 16); }

void Recorder::flush() {
  if (used_ == 0) return;
  const std::span<const Transition> records(buffer_.data(), used_);
  for (const Transition& t : records) hasher_.add(t);
  if (keep_checkpoints_) checkpoints_.push_back({hasher_.count(), records.back().at, hasher_.value().hi});
  for (Sink* sink : sinks_) sink->consume(records);
  used_ = 0;
}

}  // namespace gmpsim
