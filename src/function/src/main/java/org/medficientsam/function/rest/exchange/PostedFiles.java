package org.medficientsam.function.rest.exchange;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.imagefile.image.InputFile;

/** The file or files of a body, and the fields that came beside them or in the query. */
public final class PostedFiles {
    private final List<InputFile> files;
    private final Optional<MultipartBody> parts;

    private PostedFiles(List<InputFile> files, Optional<MultipartBody> parts) {
        this.files = files;
        this.parts = parts;
    }

    /**
     * @param type of the content, as its header has it; "" for none
     * @param name of the file, if the sender tells
     * @throws org.medficientsam.casefile.InvalidCaseException if it is multipart and damaged or without a file
     */
    public static PostedFiles of(CaseContent.Received body, String type, String name) throws IOException {
        if (!type.regionMatches(true, 0, FileTypes.MULTIPART, 0, FileTypes.MULTIPART.length()))
            return new PostedFiles(List.of(body.file(name)), Optional.empty());
        MultipartBody parts = MultipartBody.read(body, type);
        if (parts.files().isEmpty()) throw malformed("body", "a part with a file", "none");
        return new PostedFiles(parts.files(), Optional.of(parts));
    }

    /** One, or those of a DICOM series. */
    public List<InputFile> files() {
        return files;
    }

    /** What the query says, or else a field of that name. */
    public Optional<String> field(String name, Optional<String> query) throws IOException {
        return query.isPresent() || parts.isEmpty() ? query : parts.get().field(name);
    }
}
