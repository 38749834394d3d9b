import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

class Codes {
  public static void main(String[] arguments) throws Exception {
    var url = System.getenv("AUTHENTIK_URL") + "/api/v3//oauth2/authorization_codes/1/";
    var request = HttpRequest.newBuilder(URI.create(url))
        .header("Authorization", "Bearer " + System.getenv("AUTHENTIK_TOKEN")).build();
    // Without this the client answers with the 301 itself.
    var client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IllegalStateException(answer.toString());
    // The standard library reads no JSON: this is the first value of the key.
    var username = Pattern.compile("\"username\":\"([^\"]*)\"").matcher(answer.body());
    if (username.find()) System.out.println(username.group(1));
  }
}
