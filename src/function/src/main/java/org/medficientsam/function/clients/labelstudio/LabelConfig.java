package org.medficientsam.function.clients.labelstudio;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * What of a project's labelling configuration a brush needs.
 *
 * @param brush name of the BrushLabels tag
 * @param image name of the Image tag that it is for
 * @param value which value of a task's data that image shows
 */
record LabelConfig(String brush, String image, String value) {
    /**
     * Reads the first BrushLabels and its Image.
     *
     * @throws InvalidCaseException if there is none, or it is not XML
     */
    static LabelConfig of(@Nullable String config) {
        Map<String, String> images = new HashMap<>(); // value by name
        String brush = null;
        String image = null;
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(config == null ? "" : config));
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) continue;
                String name = xml.getAttributeValue(null, "name");
                if (xml.getLocalName().equals("Image") && name != null)
                    images.put(name, String.valueOf(xml.getAttributeValue(null, "value")));
                if (xml.getLocalName().equals("BrushLabels") && brush == null) {
                    brush = name;
                    image = xml.getAttributeValue(null, "toName");
                }
            }
        } catch (XMLStreamException e) {
            throw malformed("label_config", "XML", "something else");
        }
        String value = images.get(image);
        if (brush == null || image == null || value == null || !value.startsWith("$"))
            throw malformed("label_config", "BrushLabels for an Image with a value such as $image", "none");
        return new LabelConfig(brush, image, value.substring(1));
    }
}
