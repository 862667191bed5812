#include "tools/go_toolchain.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/text_formats.hpp"

extern char** environ;

namespace gmpsim {
namespace {

constexpr std::size_t kLongestAnswer = std::size_t{64} << 20;

/// Runs a program in `folder` with stdout, and stderr if named, to files. Its exit code, or -1 - errno when it cannot be
/// started.
int run_program(const std::vector<std::string>& command, const std::string& folder, const std::string& out,
                const std::string& err) {
  std::vector<char*> arguments;
  for (const std::string& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);
  std::vector<std::string> variables{"GOTOOLCHAIN=local", "GOFLAGS=", "GOWORK=off"};
  for (char** v = environ; *v != nullptr; ++v) {
    const std::string_view text = *v;
    if (!text.starts_with("GOTOOLCHAIN=") && !text.starts_with("GOFLAGS=") && !text.starts_with("GOWORK="))
      variables.emplace_back(text);
  }
  std::vector<char*> environment;
  for (std::string& v : variables) environment.push_back(v.data());
  environment.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (!err.empty())
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return -1 - failed;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

GoProgram::GoProgram(const std::string& go, std::span<const GoSource> sources) {
  std::string folder = (std::filesystem::temp_directory_path() / "gmpsim-go-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr)
    fail_environment("cannot make a folder for a Go program: " + std::string(std::strerror(errno)));
  folder_ = folder;
  try {
    write_file(file("go.mod"), "module program\n\ngo 1.19\n", Overwrite::no);
    for (const GoSource& s : sources) write_file(file(std::string(s.name) + ".go"), std::string(s.text), Overwrite::no);
    // A relative path to a toolchain is meant from here.
    std::string tool = go.empty() ? "go" : go;
    if (tool.find('/') != std::string::npos) tool = std::filesystem::absolute(tool).string();
    const int code = run_program({tool, "build", "-o", "program", "."}, folder_, file("out"), file("err"));
    if (code < 0 || code == 127) {
      fail_environment("cannot run " + in_quotes(tool) + ": " + std::strerror(code == 127 ? ENOENT : -1 - code),
                       "a Go toolchain of 1.19 or later is needed: --go PATH names one");
    }
    if (code != 0) {
      std::string said = read_file(file("err"), 2'000).text;
      fail_environment(in_quotes(tool) + " cannot build a program", printable(said.substr(0, said.find('\n'))));
    }
  } catch (...) {
    std::filesystem::remove_all(folder_);
    throw;
  }
}

GoProgram::~GoProgram() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string GoProgram::run(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{file("program")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const int code = run_program(command, folder_, file("out"), "");
  if (code != 0) fail_environment("the Go program ended with " + std::to_string(code));
  FileText answer = read_file(file("out"), kLongestAnswer);
  if (answer.truncated) fail_environment("the Go program said too much");
  return std::move(answer.text);
}

}  // namespace gmpsim
