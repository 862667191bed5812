#pragma once
// The one seam for chance.
//
// Whatever is not determined (victim order of a thief, a ready select case, a service time, rand(n)) is asked of a
// Chooser. A question is keyed by who asks (stream, entity) and for the how-manyeth time, so that an operation added
// elsewhere disturbs nothing and a recorded schedule survives an edit of the workload. Seeded, recording and replaying
// are implementations of this one interface; exploration and shrinking are further ones.
//
// Invariant: the answer of `choose` is below `n`; with n == 1 nobody is asked.

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sim/random.hpp"

namespace gmpsim {

/// Who asks: a stream (kind of question, see stream_named), the entity in it, and its running count of questions.
struct Site {
  std::uint64_t stream = 0;
  std::uint64_t entity = 0;
  std::uint64_t count = 0;
};

class Chooser {
 public:
  virtual ~Chooser() = default;
  /// One of n alternatives, in [0, n). `n` >= 1.
  virtual std::uint32_t choose(const Site& site, std::uint32_t n) = 0;
  /// 64 random bits, for service times and the like.
  virtual std::uint64_t draw(const Site& site) = 0;
};

/// Answers from the keyed random streams of a seed.
class SeededChooser final : public Chooser {
 public:
  explicit SeededChooser(std::uint64_t seed) : seed_(seed) {}
  std::uint32_t choose(const Site& s, std::uint32_t n) override {
    return static_cast<std::uint32_t>(bounded(random_bits(seed_, s.stream, s.entity, s.count), n));
  }
  std::uint64_t draw(const Site& s) override { return random_bits(seed_, s.stream, s.entity, s.count); }

 private:
  std::uint64_t seed_;
};

/// One answered question.
struct Choice {
  Site site;
  std::uint32_t n = 0;  ///< alternatives; 0: a draw of 64 bits
  std::uint64_t answer = 0;
};

/// Passes every question on and keeps the answers, in order.
class RecordingChooser final : public Chooser {
 public:
  explicit RecordingChooser(Chooser& inner, std::size_t limit = 10'000'000) : inner_(inner), limit_(limit) {}
  std::uint32_t choose(const Site& s, std::uint32_t n) override;
  std::uint64_t draw(const Site& s) override;
  [[nodiscard]] const std::vector<Choice>& log() const { return log_; }
  [[nodiscard]] bool truncated() const { return truncated_; }

 private:
  void keep(const Choice& c);
  Chooser& inner_;
  std::size_t limit_;
  bool truncated_ = false;
  std::vector<Choice> log_;
};

/// Answers from a log, by key; a question that the log does not know goes to `otherwise`. Remembers the first departure:
/// a question unknown to the log, or asked with another number of alternatives, and what was answered instead.
class ReplayChooser final : public Chooser {
 public:
  ReplayChooser(const std::vector<Choice>& log, Chooser& otherwise);
  std::uint32_t choose(const Site& s, std::uint32_t n) override;
  std::uint64_t draw(const Site& s) override;
  [[nodiscard]] bool departed() const { return departed_; }
  [[nodiscard]] const Choice& first_departure() const { return departure_; }
  /// What the log has for it, with another number of alternatives; nothing when it does not know the question.
  [[nodiscard]] const std::optional<Choice>& recorded_there() const { return recorded_there_; }
  [[nodiscard]] std::size_t answered() const { return answered_; }
  [[nodiscard]] std::size_t answered_before() const { return answered_before_; }  ///< the first departure
  [[nodiscard]] std::size_t recorded() const { return answers_.size(); }
  /// Called at the first departure, before the question is answered.
  void on_departure(void (*call)(void*), void* self) {
    call_ = call;
    self_ = self;
  }

 private:
  const Choice* find(const Site& s, std::uint32_t n);
  std::uint64_t instead(const Site& s, std::uint32_t n);
  std::unordered_multimap<std::uint64_t, Choice> answers_;  // looked up by key only, never walked
  Chooser& otherwise_;
  bool departed_ = false;
  bool fresh_ = false;  ///< the departure has its answer, which has not been given yet
  Choice departure_;
  std::optional<Choice> recorded_there_;
  void (*call_)(void*) = nullptr;
  void* self_ = nullptr;
  std::size_t answered_ = 0;
  std::size_t answered_before_ = 0;
};

}  // namespace gmpsim
