// litmus record: random programs, recorded on a real Go runtime. The work is done by a Go program (tools/litmus_recorder),
// which is part of this binary and built with the toolchain that is to be recorded.

#include <charconv>
#include <filesystem>

#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/go_toolchain.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

/// A whole number of a flag as text again, between bounds.
std::string whole(const std::string& text, const char* flag, std::int64_t low, std::int64_t high,
                  const std::string& otherwise) {
  if (text.empty()) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high)
    fail_usage(std::string(flag) + ": " + in_quotes(text) + " is no number from " + std::to_string(low) + " to " +
               std::to_string(high));
  return std::to_string(value);
}

}  // namespace

Exit litmus_record(const LitmusOptions& options, Context& context) {
  if (options.files.size() > 1) fail_usage("litmus record takes no files", "a file called record is written ./record");
  const std::string seed = whole(options.seed, "--seed", 0, std::int64_t{1} << 40, "1");
  const std::string count = whole(options.count, "--count", 1, 100'000, "100");
  const std::string runs = whole(options.runs, "--runs", 2, 100, options.style == "order" ? "6" : "4");
  const std::string jobs = options.style == "order" ? std::to_string(std::min(context.jobs, 64U)) : "1";
  // Told before minutes of work.
  if (!options.output.empty() && options.output != "-" && !options.force && is_file(options.output))
    fail_environment(in_quotes(options.output) + " exists", "--force overwrites it");
  GoProgram recorder(options.go, go_recorder_sources());
  const std::string programs = recorder.run({"generate", "-style", options.style, "-seed", seed, "-n", count});
  write_file(recorder.file("programs.json"), programs, Overwrite::no);
  (void)recorder.run(
      {"record", "-style", options.style, "-runs", runs, "-jobs", jobs, "programs.json", "recording.json"});
  const std::string recording = read_file(recorder.file("recording.json"), std::size_t{64} << 20).text;
  if (options.output.empty() || options.output == "-") {
    context.out() << recording;
  } else {
    write_file(options.output, recording, options.force ? Overwrite::yes : Overwrite::no);
    context.say("wrote " + printable(options.output) + "\nnext   gmpsim litmus " + printable(options.output));
  }
  return Exit::good;
}

}  // namespace gmpsim
