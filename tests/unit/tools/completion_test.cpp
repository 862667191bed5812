// Completion scripts in the shells that they are for, where these are installed.

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tests/unit/tools/command_line.hpp"

namespace gmpsim {
namespace {

namespace fs = std::filesystem;

bool has(const char* shell) {
  return std::system((std::string("command -v ") + shell + " > /dev/null 2>&1").c_str()) == 0;
}

/// What a command prints, both streams.
std::string output_of(const std::string& command) {
  std::string out;
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
  pclose(pipe);
  return out;
}

/// The script of a shell, in a file that goes away.
struct Script {
  explicit Script(const std::string& shell)
      : path(fs::temp_directory_path() / ("gmpsim-completion-" + std::to_string(getpid()) + "." + shell)) {
    const Said said = gmpsim_says({"completion", shell});
    BOOST_TEST_REQUIRE(said.code == 0);
    std::ofstream(path) << said.out;
  }
  ~Script() {
    fs::remove(path);
    fs::remove(driver());
  }
  [[nodiscard]] std::string driver() const { return path.string() + ".driver"; }
  [[nodiscard]] std::string write_driver(const std::string& text) const {
    std::ofstream(driver()) << text;
    return driver();
  }
  fs::path path;
};

/// Presses tab in an interactive zsh, and gives what it shows.
std::string zsh_tab(const Script& script, const std::string& line, const std::string& wanted) {
  // What the shell shows is read until the wanted text is there, for at most ten seconds.
  const std::string driver = script.write_driver(
      "zmodload zsh/zpty\n"
      "zpty z 'TERM=dumb zsh -f -i'\n"
      "zpty -w z 'PS1=; autoload -U compinit; compinit -u -D; source " +
      script.path.string() +
      "'\n"
      "zpty -w z \"echo REA''DY\"\n"
      "zpty -r z out '*READY*'\n"
      "zpty -n -w z '" +
      line +
      "'$'\\t'\n"
      "out=\n"
      "for try in {1..100}; do\n"
      "  while zpty -r -t z piece; do out+=$piece; done\n"
      "  [[ $out == *'" +
      wanted +
      "'* ]] && break\n"
      "  sleep 0.1\n"
      "done\n"
      "print -r -- $out\n"
      "zpty -d z\n");
  return output_of("timeout 30 zsh -f " + driver);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(bash_completes_commands_options_and_values, *boost::unit_test::precondition([](auto) {
                       return boost::test_tools::assertion_result(has("bash"));
                     })) {
  const Script script("bash");
  BOOST_TEST(output_of("bash -n " + script.path.string()) == "");
  const auto replies = [&](const std::string& words, int at) {
    return output_of("bash -c 'source " + script.path.string() + "; COMP_WORDS=(" + words +
                     "); COMP_CWORD=" + std::to_string(at) + "; _gmpsim; echo ${COMPREPLY[*]}'");
  };
  BOOST_TEST(contains(replies("gmpsim re", 1), "replay"));
  BOOST_TEST(contains(replies("gmpsim run --see", 2), "--seed"));
  BOOST_TEST(contains(replies("gmpsim run tight", 2), "tight-loop"));
  BOOST_TEST(contains(replies("gmpsim run --format cs", 3), "csv"));
}

BOOST_AUTO_TEST_CASE(fish_completes_commands_options_and_values, *boost::unit_test::precondition([](auto) {
                       return boost::test_tools::assertion_result(has("fish"));
                     })) {
  const Script script("fish");
  BOOST_TEST(output_of("fish --no-execute " + script.path.string()) == "");
  const auto replies = [&](const std::string& line) {
    return output_of("HOME=/nonexistent fish --no-config -c 'source " + script.path.string() + "; complete -C \"" +
                     line + "\"'");
  };
  BOOST_TEST(contains(replies("gmpsim re"), "replay\t"));
  BOOST_TEST(contains(replies("gmpsim run --see"), "--seed\t"));
  BOOST_TEST(contains(replies("gmpsim run tight"), "tight-loop"));
  BOOST_TEST(contains(replies("gmpsim run --format cs"), "csv"));
  BOOST_TEST(!contains(replies("gmpsim run --format cs"), "compare"));
}

BOOST_AUTO_TEST_CASE(zsh_completes_commands_options_and_values, *boost::unit_test::precondition([](auto) {
                       return boost::test_tools::assertion_result(has("zsh"));
                     })) {
  const Script script("zsh");
  BOOST_TEST(output_of("zsh -n " + script.path.string()) == "");
  const auto tab = [&](const std::string& line, const std::string& wanted) {
    const std::string shown = zsh_tab(script, line, wanted);
    BOOST_TEST(contains(shown, wanted), line << "<tab> shows: " << shown);
  };
  tab("gmpsim repl", "gmpsim replay");
  tab("gmpsim run --see", "gmpsim run --seed");
  tab("gmpsim run tight", "gmpsim run tight-loop");
  tab("gmpsim run --format cs", "gmpsim run --format csv");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
