#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "claptools/audio/audio_facts.hpp"
#include "claptools/audio/audio_limits.hpp"
#include "claptools/audio/container/block_times.hpp"
#include "claptools/audio/file_view.hpp"
#include "claptools/audio/input_file.hpp"
#include "claptools/audio/stream_choice.hpp"

struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVIOContext;
struct AVPacket;
struct AVStream;

namespace claptools {

/// An audio stream of a file, decoded by libav block by block, its channels averaged.
class Decoder {
 public:
  /// Decodes the first block, so that what cannot be decoded fails here. Errors as AudioReader's.
  /// @param file    must outlive this.
  /// @param is_open the file's header tells no length (Container::is_open).
  Decoder(const InputFile& file, const FileView& view, bool is_open, const StreamChoice& choice,
          const AudioLimits& limits);
  Decoder(const Decoder&) = delete;  // libav keeps a pointer to this
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  int sample_rate() const { return sample_rate_; }  ///< Hz

  /// Time of the first sample, s after the earliest sound or picture of the file.
  double start_s() const { return times_.start_s(); }

  /// What the header says, of the chosen stream.
  AudioFacts facts() const;

  /// After the end: the gaps in its time stamps, for a warning, or "".
  std::string warning() const { return times_.warning(); }

  /// Replaces `mono` by the next block, a few thousand samples.
  /// @return false at the end. Errors as AudioReader::read's.
  bool read(std::vector<float>& mono);

 private:
  struct Free {
    void operator()(AVIOContext* io) const;
    void operator()(AVFormatContext* format) const;
    void operator()(AVCodecContext* codec) const;
    void operator()(AVFrame* frame) const;
    void operator()(AVPacket* packet) const;
  };
  template <typename T>
  using Owned = std::unique_ptr<T, Free>;

  static int read_bytes(void* self, std::uint8_t* buffer, int size) noexcept;
  static std::int64_t seek(void* self, std::int64_t offset, int whence) noexcept;

  void check_playlist();
  void open_container();
  void check_index() const;
  double time_unit() const;  ///< s
  void open_codec();
  void check_limits(int channels, int sample_rate) const;
  bool decode_frame();
  void send_next_packet();
  bool read_packet();
  void check_complete() const;
  void check_frame() const;
  [[noreturn]] void fail(const std::string& reason) const;
  [[noreturn]] void fail_damaged(int code);

  AudioLimits limits_;
  StreamChoice choice_;
  const InputFile& file_;
  FileView view_;
  bool is_open_;
  std::uint64_t position_ = 0;     // of libav's next read
  std::exception_ptr read_error_;  // a failed read, kept while libav's frames are on the stack
  Owned<AVIOContext> io_;          // outlives format_
  Owned<AVFormatContext> format_;
  Owned<AVCodecContext> codec_;
  Owned<AVPacket> packet_;
  Owned<AVFrame> frame_;
  AVStream* stream_ = nullptr;
  // Lengths in the stream's time units.
  std::int64_t declared_ = 0;   // by the header; 0 if not told
  std::int64_t received_ = 0;   // sum of packet durations
  std::int64_t tolerance_ = 0;  // by which received_ may fall short
  bool frame_waits_ = false;    // frame_ holds a block not yet handed out
  int sample_rate_ = 0;
  int channels_ = 0;
  std::uint64_t samples_ = 0;  // handed out so far
  BlockTimes times_;
};

}  // namespace claptools
