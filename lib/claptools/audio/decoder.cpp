#include "claptools/audio/decoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "claptools/audio/container/audio_stream.hpp"
#include "claptools/audio/container/cut_packet.hpp"
#include "claptools/audio/container/playlist.hpp"
#include "claptools/audio/mix_channels.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr int kIoBuffer = 32768;
constexpr const char* kPlaylist =
    "is a playlist, not a recording: give the files that it names instead";

/// libav prints to standard error by itself, through one callback for the whole process. This is
/// the only place that touches that state: from the first Decoder on, libav is silent, and its
/// reasons come as Errors.
void silence_libav() {
  [[maybe_unused]] static const bool done = [] {
    av_log_set_callback([](void*, int, const char*, va_list) {});
    return true;
  }();
}

/// libav returns null where memory is short.
template <typename T>
T* allocated(T* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

std::string reason_of(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

std::string seconds(double value) { return std::to_string(value) + " s"; }

bool is_lossless(AVCodecID codec) {
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec);
  return descriptor != nullptr && (descriptor->props & AV_CODEC_PROP_LOSSLESS) != 0 &&
         (descriptor->props & AV_CODEC_PROP_LOSSY) == 0;
}

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

/// Length by the container's header in the stream's time units; 0 where there is none or it is not
/// exact.
std::int64_t declared_duration(const AVFormatContext& format, const AVStream& stream) {
  const std::string_view demuxer = format.iformat->name;
  const std::array<std::string_view, 8> exact{"wav", "aiff", "au", "flac",
                                              "mp3", "tta",  "wv", "nistsphere"};
  const bool told = std::ranges::find(exact, demuxer) != exact.end() && stream.duration > 0;
  return told ? stream.duration : 0;
}

}  // namespace

void Decoder::Free::operator()(AVIOContext* io) const {
  av_freep(&io->buffer);
  avio_context_free(&io);
}
void Decoder::Free::operator()(AVFormatContext* format) const { avformat_close_input(&format); }
void Decoder::Free::operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
void Decoder::Free::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void Decoder::Free::operator()(AVPacket* packet) const { av_packet_free(&packet); }

Decoder::Decoder(const InputFile& file, const FileView& view, bool is_open,
                 const StreamChoice& choice, const AudioLimits& limits)
    : limits_(limits), choice_(choice), file_(file), view_(view), is_open_(is_open) {
  silence_libav();
  check_playlist();
  open_container();
  open_codec();
  frame_waits_ = decode_frame();
  if (!frame_waits_) fail("no audio samples");
  sample_rate_ = frame_->sample_rate;
  channels_ = frame_->ch_layout.nb_channels;
  check_limits(channels_, sample_rate_);
  times_ = BlockTimes(*format_, *stream_, *frame_);
}

Decoder::~Decoder() = default;

void Decoder::check_playlist() {
  std::array<std::uint8_t, 4096> head;
  const std::size_t count = view_.read_at(file_, 0, head);
  if (is_playlist(std::span(head).first(count))) fail(kPlaylist);
}

int Decoder::read_bytes(void* self, std::uint8_t* buffer, int size) noexcept {
  auto& decoder = *static_cast<Decoder*>(self);
  try {
    const std::span<std::uint8_t> bytes(buffer, static_cast<std::size_t>(size));
    const std::size_t got = decoder.view_.read_at(decoder.file_, decoder.position_, bytes);
    decoder.position_ += got;
    return got > 0 ? static_cast<int>(got) : AVERROR_EOF;
  } catch (...) {
    decoder.read_error_ = std::current_exception();
    return AVERROR(EIO);
  }
}

std::int64_t Decoder::seek(void* self, std::int64_t offset, int whence) noexcept {
  auto& decoder = *static_cast<Decoder*>(self);
  const auto size = static_cast<std::int64_t>(decoder.view_.size());
  if (whence == AVSEEK_SIZE) return size;
  if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(decoder.position_);
  if (whence == SEEK_END) offset += size;
  if (offset < 0) return AVERROR(EINVAL);
  decoder.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

void Decoder::open_container() {
  auto* buffer = static_cast<std::uint8_t*>(allocated(av_malloc(kIoBuffer)));
  io_.reset(allocated(avio_alloc_context(buffer, kIoBuffer, 0, this, &read_bytes, nullptr, &seek)));
  AVFormatContext* format = allocated(avformat_alloc_context());
  format->pb = io_.get();
  // The bytes come through io_ alone: a file that names more files finds no way to them.
  format->io_open = &refuse_to_open;
  int code = av_opt_set(format, "protocol_whitelist", "none", 0);
  const AVInputFormat* demuxer = nullptr;
  if (code >= 0) code = av_probe_input_buffer2(format->pb, &demuxer, "", nullptr, 0, 0);
  const bool names_others = code >= 0 && is_playlist_format(demuxer->name);
  if (code < 0 || names_others) {
    avformat_free_context(format);
    format = nullptr;
  } else {
    code = avformat_open_input(&format, "", demuxer, nullptr);  // frees it on failure
  }
  format_.reset(format);
  if (names_others) fail(kPlaylist);
  std::vector<std::int64_t> declared;  // before libav replaces what is missing by estimates
  if (code >= 0) {
    for (unsigned i = 0; i < format->nb_streams; ++i) {
      declared.push_back(declared_duration(*format, *format->streams[i]));
    }
    code = avformat_find_stream_info(format, nullptr);
  }
  if (read_error_) std::rethrow_exception(read_error_);
  if (code == AVERROR_EOF) fail("cut off: ends before any audio");
  if (code < 0) fail("not audio that libav can read (" + reason_of(code) + ")");
  const auto index = static_cast<std::size_t>(choose_audio_stream(*format, choice_, file_.name()));
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    if (i != index) format->streams[i]->discard = AVDISCARD_ALL;
  }
  stream_ = format->streams[index];
  if (index < declared.size() && !is_open_) declared_ = declared[index];
  check_index();
}

/// Where the header lists all packets, as in MP4, the last ones may lie beyond the end.
void Decoder::check_index() const {
  if (std::string_view(format_->iformat->name).substr(0, 4) != "mov,") return;
  const auto size = static_cast<std::int64_t>(view_.size());
  const int count = avformat_index_get_entries_count(stream_);
  for (int i = 0; i < count; ++i) {
    const AVIndexEntry* entry = avformat_index_get_entry(stream_, i);
    if (entry->pos > size - entry->size) fail("cut off: packets of its index are missing");
  }
}

double Decoder::time_unit() const { return av_q2d(stream_->time_base); }

AudioFacts Decoder::facts() const {
  const AVCodecParameters& codec = *stream_->codecpar;
  AudioFacts facts;
  if (stream_->duration > 0) {
    facts.duration_s = static_cast<double>(stream_->duration) * time_unit();
  } else if (format_->duration > 0) {
    facts.duration_s = static_cast<double>(format_->duration) / AV_TIME_BASE;
  }
  facts.sample_rate = sample_rate_;
  facts.lossless = is_lossless(codec.codec_id);
  if (facts.lossless) {
    facts.bits =
        codec.bits_per_raw_sample > 0 ? codec.bits_per_raw_sample : codec.bits_per_coded_sample;
  }
  facts.bit_rate = codec.bit_rate > 0 ? codec.bit_rate : format_->bit_rate;
  return facts;
}

void Decoder::open_codec() {
  const AVCodecParameters& parameters = *stream_->codecpar;
  check_limits(parameters.ch_layout.nb_channels, parameters.sample_rate);
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) {
    fail("no decoder for " + std::string(avcodec_get_name(parameters.codec_id)));
  }
  codec_.reset(allocated(avcodec_alloc_context3(codec)));
  packet_.reset(allocated(av_packet_alloc()));
  frame_.reset(allocated(av_frame_alloc()));
  int code = avcodec_parameters_to_context(codec_.get(), &parameters);
  codec_->pkt_timebase = stream_->time_base;  // by which libav trims encoder delay and padding
  // Checksums of lossless formats hold in every sound file; some MP3 encoders wrote wrong ones.
  if (is_lossless(parameters.codec_id)) codec_->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
  if (code >= 0) code = avcodec_open2(codec_.get(), codec, nullptr);
  if (code < 0) fail("the decoder cannot be set up (" + reason_of(code) + ")");
}

void Decoder::check_limits(int channels, int sample_rate) const {
  if (channels > limits_.max_channels) {
    fail(std::to_string(channels) + " channels, more than " + std::to_string(limits_.max_channels));
  }
  if (sample_rate < limits_.min_sample_rate || sample_rate > limits_.max_sample_rate) {
    fail("sample rate " + std::to_string(sample_rate) + " Hz, outside " +
         std::to_string(limits_.min_sample_rate) + " to " +
         std::to_string(limits_.max_sample_rate) + " Hz");
  }
}

bool Decoder::read(std::vector<float>& mono) {
  if (!frame_waits_ && !decode_frame()) return false;
  frame_waits_ = false;
  check_frame();
  times_.add(*frame_, static_cast<double>(samples_) / sample_rate_);
  mono.resize(static_cast<std::size_t>(frame_->nb_samples));
  if (!average_channels_of(*frame_, mono)) fail("unknown sample format");
  const auto bad = std::ranges::find_if(mono, [](float x) { return !std::isfinite(x); });
  if (bad != mono.end()) {
    const std::uint64_t sample = samples_ + static_cast<std::uint64_t>(bad - mono.begin());
    fail("NaN or infinite sample at " + seconds(static_cast<double>(sample) / sample_rate_));
  }
  samples_ += mono.size();
  return true;
}

/// Decodes the next block that has samples into frame_; false at the end.
bool Decoder::decode_frame() {
  for (;;) {
    const int code = avcodec_receive_frame(codec_.get(), frame_.get());
    if (code == AVERROR_EOF) return false;
    if (code == AVERROR(EAGAIN)) {
      send_next_packet();
    } else if (code < 0) {
      fail_damaged(code);
    } else if (frame_->nb_samples > 0) {
      return true;
    }
  }
}

void Decoder::send_next_packet() {
  if (!read_packet()) {
    check_complete();
    avcodec_send_packet(codec_.get(), nullptr);
    return;
  }
  received_ = av_sat_add64(received_, packet_->duration);  // durations are foreign numbers
  if (!is_lossless(stream_->codecpar->codec_id)) {
    tolerance_ = packet_->duration;  // some encoders count the header's own frame
  }
  if (is_cut(*packet_, stream_->codecpar->codec_id, format_->iformat->name))
    fail_damaged(AVERROR_INVALIDDATA);
  const int code = avcodec_send_packet(codec_.get(), packet_.get());
  if (code < 0) fail_damaged(code);
}

/// Reads the stream's next packet into packet_; false at the end of the file.
bool Decoder::read_packet() {
  do {
    av_packet_unref(packet_.get());
    const int code = av_read_frame(format_.get(), packet_.get());
    if (read_error_) std::rethrow_exception(read_error_);
    if (code == AVERROR_EOF) return false;
    if (code < 0) fail("damaged (" + reason_of(code) + ")");
  } while (packet_->stream_index != stream_->index);
  return true;
}

void Decoder::check_complete() const {
  if (av_sat_add64(received_, tolerance_) >= declared_) return;
  const double unit = time_unit();
  fail("cut off: " + seconds(static_cast<double>(received_) * unit) + " of the " +
       seconds(static_cast<double>(declared_) * unit) + " that its header declares");
}

void Decoder::check_frame() const {
  const std::string where = seconds(static_cast<double>(samples_) / sample_rate_);
  if (frame_->decode_error_flags != 0) fail("damaged at " + where);
  if (frame_->sample_rate != sample_rate_) {
    fail("the sample rate changes from " + std::to_string(sample_rate_) + " to " +
         std::to_string(frame_->sample_rate) + " Hz at " + where);
  }
  if (frame_->ch_layout.nb_channels != channels_) fail("the channels change at " + where);
}

void Decoder::fail(const std::string& reason) const {
  throw Error(Fault::data, file_.name(), reason);
}

/// For what the decoder refuses; the last packet of a file is most often one that was cut.
void Decoder::fail_damaged(int code) {
  const double at = sample_rate_ > 0 ? static_cast<double>(samples_) / sample_rate_ : 0;
  const bool last = !read_packet();
  fail((last ? "cut off: ends in a damaged packet at " : "damaged at ") + seconds(at) + " (" +
       reason_of(code) + ")");
}

}  // namespace claptools
