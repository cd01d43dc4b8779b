import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.elephant.sam.entities.SAMType;
import org.elephant.sam.http.HttpUtils;
import org.elephant.sam.parameters.SAMAutoMaskParameters;
import org.elephant.sam.parameters.SAMPromptParameters;
import org.locationtech.jts.geom.Coordinate;

/**
 * What qupath-extension-sam asks, by its own classes (cf328efb of github.com/ksugar/qupath-extension-sam: HttpUtils, SAMType and the
 * two kinds of parameters) with gson, jts-core and httpclient5. Arguments: server URL, the picture that phantom.py made. Run by
 * qupath.py.
 */
public class Record {
    public static void main(String[] arguments) throws Exception {
        String server = arguments[0];
        Gson gson = new GsonBuilder().serializeSpecialFloatingPointValues().create();
        String png = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(arguments[1])));
        HttpUtils.getRequest(server + "weights/?type=" + SAMType.VIT_L.modelName(), false);
        HttpUtils.getRequest(server + "progress/", false);
        HttpUtils.postRequest(
                server,
                false,
                gson.toJson(SAMPromptParameters.builder(SAMType.VIT_L)
                        .bbox(26, 21, 75, 56)
                        .b64img(png)
                        .build()));
        HttpUtils.postRequest(
                server,
                false,
                gson.toJson(SAMPromptParameters.builder(SAMType.SAM2_T)
                        .addToForeground(List.of(new Coordinate(80, 90)))
                        .b64img(png)
                        .checkpointUrl("https://example.org/sam2.pt")
                        .build()));
        HttpUtils.postRequest(
                server + "automask/",
                false,
                gson.toJson(
                        SAMAutoMaskParameters.builder(SAMType.VIT_L).b64img(png).build()));
    }
}
