package org.medficientsam.function.clients;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medficientsam.function.images.ImageReading;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.function.rest.exchange.RequestContexts;
import org.medficientsam.function.service.Problem;
import org.medficientsam.function.service.ProblemException;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/**
 * Pictures by their content. These clients send the whole picture with every box; one that is the same as before, from the same owner,
 * is found again, with its embedding.
 */
@ApplicationScoped
public class KnownPictures {
    private static final int MOST = 1024;

    private final KeptImages images;
    private final ImageReading reading;
    private final RequestContexts contexts;
    private final Map<String, String> ids = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    }; // of owner and content

    @Inject
    KnownPictures(KeptImages images, ImageReading reading, RequestContexts contexts) {
        this.images = images;
        this.reading = reading;
        this.contexts = contexts;
    }

    /**
     * The picture, read now unless it is kept.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it is none of the forms that are read, damaged or too large
     */
    public KeptImages.Loan borrow(InputFile picture) throws IOException {
        String owner = contexts.owner();
        String key = owner + ' ' + sha256(picture);
        Optional<KeptImages.Loan> there = find(owner, key);
        if (there.isPresent()) return there.get();
        KeptImages.Loan loan = reading.keep(List.of(picture), IntensityWindow.AUTO, owner, contexts.current());
        synchronized (ids) {
            ids.put(key, loan.id());
        }
        return loan;
    }

    private Optional<KeptImages.Loan> find(String owner, String key) {
        String id;
        synchronized (ids) {
            id = ids.get(key);
        }
        if (id == null) return Optional.empty();
        try {
            return Optional.of(images.borrow(owner, id));
        } catch (ProblemException e) {
            if (e.problem() != Problem.UNKNOWN_IMAGE) throw e;
            synchronized (ids) {
                ids.remove(key, id);
            }
            return Optional.empty();
        }
    }

    private static String sha256(InputFile picture) throws IOException {
        try (InputStream in = picture.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] part = new byte[1 << 16];
            for (int read = in.read(part); read >= 0; read = in.read(part)) digest.update(part, 0, read);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
