#include "cmd/query/playlist.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "claptools/core/files/member_path.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/index/find_hits.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

/// Titles have one line.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

PlaylistWriter::PlaylistWriter(const std::string& path, bool force) : output_(path, force) {
  output_.write("#EXTM3U\n");
}

void PlaylistWriter::add(const std::string& query, const std::string& id, double start_s,
                         double end_s) {
  const std::string path = absolute_path(id);
  if (path.find_first_of("\r\n") != std::string::npos || split_member(path)) {
    ++left_out_;
    return;
  }
  const auto seconds = static_cast<long>(std::ceil(end_s - start_s));
  output_.write("#EXTINF:" + std::to_string(seconds) + "," + one_line(query) + ": " +
                one_line(fs::path(id).filename().native()) + "\n");
  output_.write("#EXTVLCOPT:start-time=" + number_text(start_s) +
                "\n#EXTVLCOPT:stop-time=" + number_text(end_s) + "\n");
  output_.write(path + "\n");
}

}  // namespace claptools::cmd
