#include "claptools/pipeline/inputs/packed_inputs.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace claptools {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;  // bytes

/// What need not be stored.
enum Flags : unsigned char { kStream = 1, kNamedAsSource = 2, kWhole = 4, kSound = 8, kPlain = 16 };

void put_number(std::string& bytes, std::uint64_t value) {
  for (; value >= 128; value >>= 7) bytes += static_cast<char>(value % 128 + 128);
  bytes += static_cast<char>(value);
}

void put_text(std::string& bytes, std::string_view text) {
  put_number(bytes, text.size());
  bytes += text;
}

/// Takes apart what was put together here.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[0]);
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte % 128) << shift;
      if (byte < 128) return value;
    }
  }

  std::string text() {
    const auto size = static_cast<std::size_t>(number());
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view bytes_;
};

unsigned char flags_of(const AudioInput& input) {
  unsigned flags = 0;
  if (input.is_stream) flags |= kStream;
  if (input.id == input.audio.name()) flags |= kNamedAsSource;
  if (input.audio.member.empty()) flags |= kWhole;
  if (input.broken.empty()) flags |= kSound;
  if (input.meta.empty()) flags |= kPlain;
  return static_cast<unsigned char>(flags);
}

std::string packed(const AudioInput& input) {
  const unsigned char flags = flags_of(input);
  std::string bytes(1, static_cast<char>(flags));
  put_text(bytes, input.audio.path);
  if ((flags & kWhole) == 0) {
    put_text(bytes, input.audio.member);
    put_number(bytes, input.audio.offset);
  }
  if ((flags & kNamedAsSource) == 0) put_text(bytes, input.id);
  if ((flags & kSound) == 0) put_text(bytes, input.broken);
  if ((flags & kPlain) == 0) {
    put_number(bytes, input.meta.size());
    for (const std::string& value : input.meta) put_text(bytes, value);
  }
  return bytes;
}

AudioInput unpacked(std::string_view packed) {
  const auto flags = static_cast<unsigned char>(packed[0]);
  Bytes bytes(packed.substr(1));
  AudioInput input;
  input.is_stream = (flags & kStream) != 0;
  input.audio.path = bytes.text();
  if ((flags & kWhole) == 0) {
    input.audio.member = bytes.text();
    input.audio.offset = bytes.number();
  }
  input.id = (flags & kNamedAsSource) != 0 ? input.audio.name() : bytes.text();
  if ((flags & kSound) == 0) input.broken = bytes.text();
  if ((flags & kPlain) == 0) {
    input.meta.resize(static_cast<std::size_t>(bytes.number()));
    for (std::string& value : input.meta) value = bytes.text();
  }
  return input;
}

}  // namespace

PackedInputs::PackedInputs(const std::vector<AudioInput>& inputs) {
  for (const AudioInput& input : inputs) add(input);
}

void PackedInputs::add(const AudioInput& input) {
  const std::string bytes = packed(input);
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < bytes.size())
    blocks_.emplace_back().reserve(std::max(kBlock, bytes.size()));
  if (input.audio.streamed) streamed_.emplace(size(), input.audio.streamed);
  streams_ += input.is_stream ? 1 : 0;
  places_.push_back({static_cast<std::uint32_t>(blocks_.size() - 1),
                     static_cast<std::uint32_t>(blocks_.back().size())});
  blocks_.back() += bytes;
}

AudioInput PackedInputs::at(std::size_t i) const {
  const Place place = places_.at(i);
  AudioInput input = unpacked(std::string_view(blocks_[place.block]).substr(place.offset));
  if (const auto found = streamed_.find(i); found != streamed_.end())
    input.audio.streamed = found->second;
  if (columns_ > 0) input.meta.resize(columns_);
  return input;
}

std::vector<AudioInput> PackedInputs::all() const {
  std::vector<AudioInput> inputs;
  for (std::size_t i = 0; i < size(); ++i) inputs.push_back(at(i));
  return inputs;
}

void PackedInputs::keep_range(std::size_t begin, std::size_t end) {
  if (begin == 0 && end == size()) return;
  PackedInputs kept;
  for (std::size_t i = begin; i < end; ++i) kept.add(at(i));
  kept.columns_ = columns_;
  *this = std::move(kept);
}

}  // namespace claptools
