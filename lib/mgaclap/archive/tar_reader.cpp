#include "mgaclap/archive/tar_reader.hpp"

#include <algorithm>
#include <utility>

#include "mgaclap/core/error.hpp"
#include "mgaclap/core/random.hpp"

namespace mgaclap {
namespace {

/// What a member takes in memory besides its content, about: without it empty members were free.
std::uint64_t overhead(const TarEntry& entry) { return 512 + 2 * entry.name.size(); }

}  // namespace

bool is_tar_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".tar") || name.ends_with(".tgz") ||
         (name.find(".tar.") != std::string_view::npos && name.rfind(".tar.") + 9 >= name.size());
}

TarReader::TarReader(std::string path, Wanted wanted, const TarLimits& limits, Log log)
    : path_(std::move(path)),
      wanted_(std::move(wanted)),
      limits_(limits),
      log_(std::move(log)),
      file_(path_) {
  advance();
}

/// Moves entry_ to the next member that belongs to a sample; false at the end.
bool TarReader::advance() {
  while ((entry_ = file_.next())) {
    if (entry_->folder) continue;
    if (const auto name = split_name(); name && entry_->regular) {
      name_ = *name;
      return true;
    }
    const std::string kind = entry_->regular ? "has no key and extension" : "is not a regular file";
    report(log_, LogLevel::warning,
           path_ + ": member '" + entry_->name + "' " + kind + ", skipped");
  }
  return false;
}

std::optional<TarReader::Name> TarReader::split_name() const {
  const std::string& name = entry_->name;
  const std::size_t slash = name.rfind('/');
  const std::size_t base = slash == std::string::npos ? 0 : slash + 1;
  const std::size_t dot = name.find('.', base);
  if (dot == std::string::npos || dot == base || dot + 1 == name.size()) return std::nullopt;
  return Name{name.substr(0, dot), name.substr(dot + 1)};
}

std::optional<TarSample> TarReader::next() {
  if (!entry_) return std::nullopt;
  TarSample sample{name_.key, {}};
  if (!keys_.insert(hash_text(sample.key)).second)
    fail("the members of key '" + sample.key + "' do not stand together");
  left_ = limits_.max_bytes;
  do {
    add_member(sample);
  } while (advance() && name_.key == sample.key);
  return sample;
}

void TarReader::add_member(TarSample& sample) {
  const auto [at, is_new] = sample.members.try_emplace(name_.extension);
  if (!is_new) fail("member '" + entry_->name + "' occurs twice");
  TarMember& member = at->second;
  member.name = entry_->name;
  member.offset = entry_->offset;
  left_ -= std::min(left_, overhead(*entry_));
  if (left_ == 0) fail("key '" + sample.key + "' has too many members");
  if (wanted_ && !wanted_(name_.extension)) return;
  member.bytes = file_.read(left_);
  left_ -= member.bytes.size();
}

void TarReader::fail(const std::string& reason) const { throw Error(Fault::data, path_, reason); }

std::vector<std::uint8_t> read_tar_member(const std::string& path, std::uint64_t offset,
                                          const std::string& name, const TarLimits& limits) {
  TarFile file(path, offset);
  const auto entry = file.next();
  if (!entry || entry->name != name || !entry->regular)
    throw Error(Fault::data, path, "member '" + name + "' is no longer there");
  return file.read(limits.max_bytes);
}

}  // namespace mgaclap
