// Any bytes as what `replay` is given: a token from a chat, or a stored schedule. Nothing may crash or grow without
// bound, and whatever was accepted must survive being written and read again.
//
// The first byte decides: a token as text; a token's contents, which are encoded first (a checksum guards the text, so
// that mutations of it end there); or a schedule.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "tools/schedule_file.hpp"
#include "tools/token.hpp"

namespace {

using namespace gmpsim;

void require(bool condition) {
  if (!condition) std::abort();
}

bool same(const RunKey& a, const RunKey& b) {
  if (a.overrides.size() != b.overrides.size()) return false;
  for (std::size_t i = 0; i < a.overrides.size(); ++i)
    if (a.overrides[i].path != b.overrides[i].path || a.overrides[i].value != b.overrides[i].value) return false;
  return a.scenario == b.scenario && a.scenario_hash == b.scenario_hash && a.behaviour == b.behaviour &&
         a.policy == b.policy && a.seed == b.seed && a.schedtrace == b.schedtrace && a.scheddetail == b.scheddetail;
}

void read_token(const std::string& text) {
  (void)looks_like_token(text);
  const TokenResult result = decode_token(text);
  require(result.token.has_value() != !result.error.empty());
  if (!result.token) return;
  const TokenResult again = decode_token(encode(*result.token));
  require(again.token.has_value() && same(again.token->key, result.token->key));
  require(again.token->records == result.token->records && again.token->checkpoints == result.token->checkpoints);
}

/// Bytes as the parts of a token.
class Parts {
 public:
  explicit Parts(std::string text) : text_(std::move(text)) {}
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < bytes && at_ < text_.size(); ++i) v = v << 8 | static_cast<unsigned char>(text_[at_++]);
    return v;
  }
  std::string words(std::size_t most) {
    const std::size_t n = std::min<std::size_t>(number(1) % (most + 1), text_.size() - at_);
    at_ += n;
    return text_.substr(at_ - n, n);
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

void encode_token(std::string text) {
  Parts parts(std::move(text));
  Token t;
  t.key.scenario = parts.words(60);
  t.key.policy = parts.words(20);
  t.key.scenario_hash = parts.number(8);
  t.key.behaviour = static_cast<std::uint32_t>(parts.number(2));
  t.key.seed = parts.number(8);
  for (std::uint64_t n = parts.number(1) % 4; n > 0; --n) {
    std::string path = parts.words(20);
    t.key.overrides.push_back({std::move(path), parts.words(20)});
  }
  t.records = parts.number(4);
  t.fingerprint = parts.number(8);
  for (std::size_t n = checkpoints_of_token(t.records).size(); n > 0; --n)
    t.checkpoints.push_back(static_cast<std::uint16_t>(parts.number(2)));
  const std::string encoded = encode(t);
  const TokenResult result = decode_token(encoded);
  require(result.token.has_value() && same(result.token->key, t.key));
  require(result.token->records == t.records && result.token->fingerprint == t.fingerprint &&
          result.token->checkpoints == t.checkpoints);
}

void read_schedule_text(std::string text) {
  Diagnostics out;
  const auto schedule = read_schedule(std::move(text), "fuzz.json", out);
  require(schedule.has_value() != out.has_errors());
  (void)out.render(true);
  if (!schedule) return;
  std::ostringstream written;
  write_schedule(written, *schedule);
  Diagnostics again_out;
  const auto again = read_schedule(written.str(), "again.json", again_out);
  require(again.has_value() && same(again->key, schedule->key));
  require(again->records == schedule->records && again->fingerprint == schedule->fingerprint);
  require(again->choices.size() == schedule->choices.size());
  require(again->checkpoints.size() == schedule->checkpoints.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 't': read_token(text); break;
    case 'k': encode_token(std::move(text)); break;
    default: read_schedule_text(std::move(text)); break;
  }
  return 0;
}
