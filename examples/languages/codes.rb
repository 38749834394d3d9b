require 'json'
require 'net/http'

uri = URI("#{ENV.fetch('AUTHENTIK_URL')}/api/v3//oauth2/authorization_codes/1/")
headers = { 'Authorization' => "Bearer #{ENV.fetch('AUTHENTIK_TOKEN')}" }
answer = Net::HTTP.get_response(uri, headers)
# Net::HTTP follows no redirect by itself.
answer = Net::HTTP.get_response(URI.join(uri, answer['Location']), headers) if answer.is_a?(Net::HTTPRedirection)
answer.value # raises unless the status is a 2xx
puts JSON.parse(answer.body)['user']['username']
