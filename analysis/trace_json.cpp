// JSON lines: each field of a record under the name that it has for its kind, names in place of numbers.

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "analysis/table.hpp"
#include "analysis/trace_io.hpp"
#include "analysis/witness.hpp"

namespace gmpsim {
namespace {

std::string json_text(std::string_view text) { return nlohmann::json(printable(text)).dump(); }

void field(std::string& line, const char* name, std::int64_t value) { line += fmt::format(",\"{}\":{}", name, value); }
void field(std::string& line, const char* name, const std::string& text) {
  line += fmt::format(",\"{}\":{}", name, json_text(text));
}

std::string number_or(std::uint32_t p) { return p == kNoP ? "global" : fmt::format("P{}", p); }

/// What `why`, `a` and `value` mean for the kind.
void meaning(std::string& line, const Transition& t, const TraceInfo& info) {
  const auto object = [&] {
    if (t.a != 0) field(line, "object", object_name(info, t.a));
  };
  const auto label = [&] { field(line, "label", label_name(info, t.a)); };
  switch (t.kind) {
    case Kind::g_create:
      if (t.a != kNoG) field(line, "by", t.a);
      break;
    case Kind::g_runnable:
      field(line, "why", name_of(static_cast<Why>(t.why)));
      field(line, "queue", t.value == 1 ? number_or(t.p) + " runnext" : number_or(t.p));
      if (t.a != kNoG) field(line, "by", t.a);
      break;
    case Kind::g_running:
      field(line, "from", name_of(static_cast<From>(t.why)));
      if (t.value == 1) line += ",\"inherits\":true";
      break;
    case Kind::g_waiting:
      field(line, "reason", wait_reason_text(info, t.why));
      object();
      if (t.value != 0) field(line, "due", t.value);
      break;
    case Kind::m_create:
      if (t.why == 1) line += ",\"system\":true";
      break;
    case Kind::m_spinning: line += t.value == 1 ? ",\"spinning\":true" : ",\"spinning\":false"; break;
    case Kind::m_poll:
    case Kind::m_wake:
      if (t.value != 0) field(line, "until", t.value);
      break;
    case Kind::steal:
      field(line, "from", number_or(t.a));
      field(line, "goroutines", t.value);
      if (t.why == 1) line += ",\"runnext\":true";
      break;
    case Kind::steal_miss: field(line, "victims", t.value); break;
    case Kind::overflow:
    case Kind::global_get: field(line, "goroutines", t.value); break;
    case Kind::preempt_request:
      if (t.why == 1) line += ",\"signal\":true";
      break;
    case Kind::preempted: line += t.why == 1 ? ",\"async\":true" : ",\"async\":false"; break;
    case Kind::handoff: field(line, "to", t.why == 1 ? "thread" : "idle list"); break;
    case Kind::wakeup:
      if (t.why == 1) line += ",\"spinning\":true";
      break;
    case Kind::timer_set:
    case Kind::timer_fire:
    case Kind::timer_stop:
      field(line, "timer", t.a);
      if (t.kind != Kind::timer_stop) field(line, "due", t.value);
      break;
    case Kind::panic:
      label();
      if (t.why == 1) line += ",\"fatal\":true";
      break;
    case Kind::thread_waits:
      object();
      field(line, "waits", t.why);
      if (t.why == 0) field(line, "waited", t.value);
      break;
    case Kind::acquire:
    case Kind::release:
      object();
      if (t.why == 1) line += ",\"shared\":true";
      break;
    case Kind::mark:
    case Kind::assert_fail: label(); break;
    case Kind::span_begin:
    case Kind::span_end:
      label();
      field(line, "since", t.value);
      break;
    case Kind::log:
      label();
      field(line, "value", t.value);
      if (t.p > 1 && t.p != kNoP) line += fmt::format(",\"element\":{},\"of\":{}", t.why, t.p);
      break;
    case Kind::phase:
      label();
      line += t.why == 1 ? ",\"measured\":true" : ",\"measured\":false";
      break;
    case Kind::sched_sample: field(line, "runnable", t.value); break;
    case Kind::poll: field(line, "goroutines", t.value); break;
    case Kind::io_ready: object(); break;
    case Kind::notify:
      object();
      field(line, "woken", t.value);
      break;
    case Kind::fault:
      label();
      line += t.why == 1 ? ",\"begins\":true" : ",\"begins\":false";
      break;
    case Kind::core:
      field(line, "core", t.a);
      field(line, "node", t.value);
      break;
    case Kind::remote:
      field(line, "node", t.a);
      field(line, "took", t.value);
      break;
    case Kind::stw_stopped:
    case Kind::stw_end:
    case Kind::gc_end:
    case Kind::gc_flush: field(line, "took", t.value); break;
    case Kind::gc_begin:
    case Kind::heap: field(line, "live", t.value); break;
    case Kind::sync:
      field(line, "how", name_of(static_cast<Sync>(t.why)));
      object();
      if (t.value != 0) field(line, static_cast<Sync>(t.why) == Sync::exchange ? "with" : "place", t.value);
      break;
    case Kind::access:
      field(line, "how", name_of(static_cast<Access>(t.why)));
      object();
      break;
    default: break;
  }
}

}  // namespace

JsonLinesWriter::JsonLinesWriter(std::ostream& out, const TraceInfo& info) : out_(&out), info_(&info) {
  *out_ << fmt::format(
      "{{\"apiVersion\":\"gmpsim/"
      "v1\",\"kind\":\"Trace\",\"scenario\":{},\"policy\":{},\"preset\":{},\"seed\":{},\"procs\":{},\"cores\":{}}}\n",
      json_text(info.scenario), json_text(info.policy), json_text(info.preset), info.seed, info.procs, info.cores);
}

void JsonLinesWriter::line(const Transition& t, std::string& text) {
  text += fmt::format("{{\"at\":{},\"kind\":\"{}\"", t.at, name_of(t.kind));
  if (t.kind == Kind::g_create && t.g < Witness::kMaxGoroutine) {
    if (t.g >= program_of_.size())
      program_of_.resize(std::max<std::size_t>(t.g + 1, program_of_.size() * 3 / 2), kNoProgram);
    program_of_[t.g] = static_cast<std::uint32_t>(t.value);
  }
  if (t.g != kNoG) {
    field(text, "g", t.g);
    const std::uint32_t program = t.g < program_of_.size() ? program_of_[t.g] : kNoProgram;
    if (program < info_->programs.size()) field(text, "program", info_->programs[program].name);
  }
  if (t.p != kNoP && t.kind != Kind::log) field(text, "p", t.p);
  if (t.m != kNoM) field(text, "m", t.m);
  meaning(text, t, *info_);
  text += "}\n";
}

void JsonLinesWriter::consume(std::span<const Transition> records) {
  std::string text;
  for (const Transition& t : records) line(t, text);
  out_->write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace gmpsim
