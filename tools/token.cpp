#include "tools/token.hpp"

#include <array>
#include <utility>

#include "sim/check.hpp"

namespace gmpsim {
namespace {

constexpr std::string_view kPrefix = "g1-";
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kLongestToken = 8192;  // characters; overrides may be long, a chat is not

constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}();

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t c = 0xFFFFFFFFu;
  for (const char b : bytes) c = kCrcTable[(c ^ static_cast<unsigned char>(b)) & 0xFF] ^ (c >> 8);
  return ~c;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char b : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(b);
    for (held += 8; held >= 6; held -= 6) out += kAlphabet[(bits >> (held - 6)) & 63];
  }
  if (held > 0) out += kAlphabet[(bits << (6 - held)) & 63];
  return out;
}

/// Nothing when a character is foreign (its position in `bad`), or when bits that stand for nothing are set: each
/// text of bytes has exactly one spelling.
std::optional<std::string> from_base64(std::string_view text, std::size_t& bad) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (bad = 0; bad < text.size(); ++bad) {
    const std::size_t value = kAlphabet.find(text[bad]);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFF);
    }
  }
  if (held >= 6 || (bits & ((1u << held) - 1)) != 0) return std::nullopt;
  return out;
}

class ByteWriter {
 public:
  void fixed(std::uint64_t v, int bytes) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(v >> (8 * i) & 0xFF);
  }
  void number(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) out_ += static_cast<char>((v & 0x7F) | 0x80);
    out_ += static_cast<char>(v);
  }
  void text(std::string_view t) {
    number(t.size());
    out_ += t;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads what ByteWriter wrote. After the end everything is 0 and `ok` is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t fixed(int n) {
    std::uint64_t v = 0;
    for (int i = 0; i < n; ++i) v |= std::uint64_t{byte()} << (8 * i);
    return v;
  }
  std::uint64_t number() {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t b = byte();
      v |= std::uint64_t{b & 0x7Fu} << shift;
      if ((b & 0x80) == 0) return v;
    }
    ok_ = false;
    return 0;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::uint8_t byte() {
    if (at_ == bytes_.size()) {
      ok_ = false;
      return 0;
    }
    return static_cast<std::uint8_t>(bytes_[at_++]);
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

TokenResult wrong(std::string why) { return {std::nullopt, std::move(why)}; }

}  // namespace

std::vector<std::uint64_t> checkpoints_of_token(std::uint64_t records) {
  const std::uint64_t distance = Checkpoints::distance_after(records);
  const std::uint64_t kept = records / distance;
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = 1; i <= Token::kCheckpoints; ++i) {
    const std::uint64_t at = kept * i / (Token::kCheckpoints + 1) * distance;
    if (at > (out.empty() ? 0 : out.back())) out.push_back(at);  // a short run has fewer
  }
  return out;
}

Token make_token(RunKey key, const Checkpoints& run) {
  Token token{std::move(key), run.records(), run.fingerprint().hi, {}};
  auto next = run.all().begin();
  for (const std::uint64_t at : checkpoints_of_token(token.records)) {
    while (next != run.all().end() && next->count < at) ++next;
    GMPSIM_CHECK(next != run.all().end() && next->count == at, "a token's checkpoints are among those kept");
    token.checkpoints.push_back(static_cast<std::uint16_t>(next->hash));
  }
  return token;
}

std::string encode(const Token& token) {
  ByteWriter w;
  w.text(token.key.scenario);
  w.fixed(token.key.scenario_hash, 8);
  w.number(token.key.behaviour);
  w.text(token.key.policy);
  w.number(token.key.seed);
  w.number(token.key.overrides.size());
  for (const Override& o : token.key.overrides) {
    w.text(o.path);
    w.text(o.value);
  }
  w.number(static_cast<std::uint64_t>(token.key.schedtrace) << 1 | (token.key.scheddetail ? 1 : 0));
  w.number(token.records);
  w.fixed(token.fingerprint, 8);
  w.number(token.checkpoints.size());
  for (const std::uint16_t c : token.checkpoints) w.fixed(c, 2);
  std::string bytes = w.take();
  const std::uint32_t checksum = crc32(bytes);
  ByteWriter tail;
  tail.fixed(checksum, 4);
  return std::string(kPrefix) + to_base64(bytes + tail.take());
}

bool looks_like_token(std::string_view text) {
  return text.starts_with(kPrefix) && text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

TokenResult decode_token(std::string_view text) {
  // What a chat or a line break adds around a token is nobody's mistake.
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty()) return wrong("the token is empty");
  if (text.size() > kLongestToken) return wrong("this is too long for a token");
  if (!text.starts_with(kPrefix)) {
    if (text.size() > 2 && text[0] == 'g' && text.find('-') < 5)
      return wrong("this token is of another version of gmpsim (ours begin with \"g1-\")");
    return wrong("tokens begin with \"g1-\"");
  }
  std::size_t bad = 0;
  const auto bytes = from_base64(text.substr(kPrefix.size()), bad);
  if (!bytes && bad < text.size() - kPrefix.size())
    return wrong("character " + std::to_string(bad + kPrefix.size() + 1) + " of the token is none that tokens have");
  const std::string damaged =
      "the token is damaged: a character is wrong or missing (it has " + std::to_string(text.size()) + ")";
  if (!bytes || bytes->size() < 5) return wrong(damaged);
  const std::string_view body = std::string_view(*bytes).substr(0, bytes->size() - 4);
  if (ByteReader(std::string_view(*bytes).substr(body.size())).fixed(4) != crc32(body)) return wrong(damaged);

  ByteReader r(body);
  Token token;
  token.key.scenario = r.text();
  token.key.scenario_hash = r.fixed(8);
  token.key.behaviour = static_cast<std::uint32_t>(r.number());
  token.key.policy = r.text();
  token.key.seed = r.number();
  for (std::uint64_t n = r.number(); n > 0 && r.ok(); --n) {
    std::string path = r.text();
    std::string value = r.text();
    token.key.overrides.push_back({std::move(path), std::move(value)});
  }
  const std::uint64_t trace = r.number();
  token.key.schedtrace = static_cast<Duration>(trace >> 1);
  token.key.scheddetail = (trace & 1) != 0;
  token.records = r.number();
  token.fingerprint = r.fixed(8);
  for (std::uint64_t n = r.number(); n > 0 && r.ok(); --n)
    token.checkpoints.push_back(static_cast<std::uint16_t>(r.fixed(2)));
  const bool complete = token.checkpoints.size() == checkpoints_of_token(token.records).size();
  if (!r.ok() || !r.at_end() || !complete || token.key.schedtrace < 0)
    return wrong("the token is of another version of gmpsim, or damaged");
  return {std::move(token), {}};
}

}  // namespace gmpsim
