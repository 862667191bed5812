#include "tools/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>
#include <cerrno>
#include <cstring>
#include <istream>
#include <utility>

#include "scenarios/diagnostics.hpp"
#include "tools/failure.hpp"

namespace gmpsim {
namespace {

/// "No such file or directory" as the end of a sentence.
std::string system_says(int error) {
  if (error == 0) return "not everything could be written (is the disk full?)";
  std::string text = std::strerror(error);
  if (!text.empty()) text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

}  // namespace

FileText read_stream(std::istream& in, std::size_t limit) {
  FileText file;
  char buffer[1 << 16];
  while (file.text.size() <= limit && in) {
    in.read(buffer, sizeof buffer);
    file.text.append(buffer, static_cast<std::size_t>(in.gcount()));
  }
  file.truncated = file.text.size() > limit;
  if (file.truncated) file.text.resize(limit);
  return file;
}

// Plain system calls: streams say neither why a file cannot be read nor that it is a folder.
std::optional<FileText> read_if_there(const std::string& path, std::size_t limit) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail_environment("cannot read " + in_quotes(path) + ": " + system_says(errno));
  }
  FileText out;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = read(file, buffer, sizeof buffer);
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      const int error = errno;
      close(file);
      fail_environment("cannot read " + in_quotes(path) + ": " + system_says(error));
    }
    out.text.append(buffer, static_cast<std::size_t>(got));
    if (out.text.size() > limit) {
      out.text.resize(limit);
      out.truncated = true;
      break;
    }
  }
  close(file);
  return out;
}

FileText read_file(const std::string& path, std::size_t limit) {
  auto file = read_if_there(path, limit);
  if (!file) fail_environment("cannot read " + in_quotes(path) + ": no such file");
  return std::move(*file);
}

bool is_file(const std::string& path) {
  struct stat info{};
  return stat(path.c_str(), &info) == 0 && !S_ISDIR(info.st_mode);
}

FileWriter::FileWriter(std::string path, Overwrite overwrite) : path_(std::move(path)), overwrite_(overwrite) {
  struct stat info{};
  const bool there = stat(path_.c_str(), &info) == 0;
  if (there && S_ISDIR(info.st_mode)) fail_environment("cannot write " + in_quotes(path_) + ": it is a folder");
  const bool in_place = there && !S_ISREG(info.st_mode);
  if (there && !in_place && overwrite == Overwrite::no)
    fail_environment(in_quotes(path_) + " is there already", "--force overwrites it");
  if (!in_place) temporary_ = path_ + ".tmp-" + std::to_string(getpid());
  errno = 0;
  out_.open(in_place ? path_ : temporary_, std::ios::binary | std::ios::trunc);
  if (!out_) fail("cannot write ");
}

FileWriter::~FileWriter() {
  if (done_ || temporary_.empty()) return;
  out_.close();
  unlink(temporary_.c_str());
}

void FileWriter::fail(const std::string& what) {
  const int error = errno;
  fail_environment(what + in_quotes(path_) + ": " + system_says(error));
}

void FileWriter::commit() {
  errno = 0;
  out_.flush();
  if (!out_) fail("cannot write ");
  out_.close();
  if (out_.fail()) fail("cannot write ");
  if (!temporary_.empty()) {
    // link refuses an existing name, rename replaces it.
    const bool moved = overwrite_ == Overwrite::yes
                           ? std::rename(temporary_.c_str(), path_.c_str()) == 0
                           : link(temporary_.c_str(), path_.c_str()) == 0 && unlink(temporary_.c_str()) == 0;
    if (!moved && overwrite_ == Overwrite::no && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)) {
      if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot write ");  // a file system without links
    } else if (!moved) {
      fail("cannot write ");
    }
  }
  done_ = true;
}

void write_file(const std::string& path, const std::string& text, Overwrite overwrite) {
  FileWriter file(path, overwrite);
  file.stream() << text;
  file.commit();
}

}  // namespace gmpsim
