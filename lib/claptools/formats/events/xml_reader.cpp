#include "claptools/formats/events/xml_reader.hpp"

#include <expat.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::size_t kPiece = std::size_t{1} << 20;  // expat counts bytes in an int

/// Passes on what expat finds. An exception must not cross C: it waits until expat has returned.
class Reading {
 public:
  Reading(std::string_view subject, XmlHandler& handler)
      : subject_(subject), handler_(handler), parser_(::XML_ParserCreate("UTF-8")) {
    if (!parser_) throw std::bad_alloc();
    ::XML_SetUserData(parser_.get(), this);
    ::XML_SetElementHandler(parser_.get(), open, close);
    ::XML_SetCharacterDataHandler(parser_.get(), characters);
    ::XML_SetStartDoctypeDeclHandler(parser_.get(), document_type);
  }

  void feed(std::string_view text, bool is_last) {
    const auto status = ::XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()),
                                    is_last ? XML_TRUE : XML_FALSE);
    if (error_) std::rethrow_exception(error_);
    if (status == XML_STATUS_OK) return;
    const auto code = ::XML_GetErrorCode(parser_.get());
    if (code == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    refuse_xml(subject_, line(), std::string("XML: ") + ::XML_ErrorString(code));
  }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { ::XML_ParserFree(parser); }
  };

  std::size_t line() const {
    return static_cast<std::size_t>(::XML_GetCurrentLineNumber(parser_.get()));
  }

  template <typename Work>
  static void guarded(void* self, const Work& work) noexcept {
    auto& reading = *static_cast<Reading*>(self);
    if (reading.error_) return;
    try {
      work(reading);
    } catch (...) {
      reading.error_ = std::current_exception();
      ::XML_StopParser(reading.parser_.get(), XML_FALSE);
    }
  }

  static void XMLCALL open(void* self, const char* name, const char** attributes) {
    guarded(self, [&](Reading& reading) {
      XmlElement element{name, {}, reading.line()};
      if (++reading.depth_ > kMaxDepth)
        refuse_xml(reading.subject_, element.line, "too many elements inside each other");
      for (; attributes[0] != nullptr; attributes += 2)
        element.attributes.emplace_back(attributes[0], attributes[1]);
      reading.handler_.open(element);
    });
  }

  static void XMLCALL close(void* self, const char* name) {
    guarded(self, [&](Reading& reading) {
      --reading.depth_;
      reading.handler_.close(name);
    });
  }

  static void XMLCALL characters(void* self, const char* text, int size) {
    guarded(self, [&](Reading& reading) {
      reading.handler_.characters({text, static_cast<std::size_t>(size)});
    });
  }

  static void XMLCALL document_type(void* self, const char*, const char*, const char*, int) {
    guarded(self, [](Reading& reading) {
      refuse_xml(reading.subject_, reading.line(), "a document type is not read");
    });
  }

  std::string_view subject_;
  XmlHandler& handler_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::size_t depth_ = 0;
  std::exception_ptr error_;
};

}  // namespace

std::string_view XmlElement::attribute(std::string_view key) const {
  for (const auto& [name_, value] : attributes)
    if (name_ == key) return value;
  return {};
}

void refuse_xml(std::string_view subject, std::size_t line, const std::string& reason) {
  throw Error(Fault::data, subject, "line " + std::to_string(line) + ": " + reason);
}

void read_xml(std::string_view text, std::string_view subject, XmlHandler& handler) {
  Reading reading(subject, handler);
  while (text.size() > kPiece) {
    reading.feed(text.substr(0, kPiece), false);
    text.remove_prefix(kPiece);
  }
  reading.feed(text, true);
}

}  // namespace claptools
