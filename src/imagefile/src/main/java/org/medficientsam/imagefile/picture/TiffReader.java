package org.medficientsam.imagefile.picture;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.io.IOException;
import javax.imageio.ImageReader;

/** Apart, so that only those who have a TIFF load what reads it. */
final class TiffReader {
    private TiffReader() {}

    static ImageReader create() throws IOException {
        return new TIFFImageReaderSpi().createReaderInstance(null);
    }
}
